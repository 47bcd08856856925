"""The people of both databases: made up, always the same, as varied as a town."""

import random
from datetime import date, timedelta


def _words(text, mark=None):
    return [word.strip() for word in text.split(mark)]


FIRST = _words("""
    Marie Jean Louise Pierre Anne Jacques Nathalie Michel Sylvie Daniel Chantal Robert Isabelle Claude Julie André
    Mélanie Yves Karine François Émilie Alain Catherine Luc Valérie Denis Geneviève Benoît Josée Normand Noémie
    Zoé Ahmed Fatima Nguyen Olivier Étienne Maude Gaëlle Thomas William Emma Léa Félix Alice Charles Rosalie
""")
LAST = _words("""
    Tremblay Gagnon Roy Côté Bouchard Gauthier Morin Lavoie Fortin Gagné Ouellet Pelletier Bélanger Lévesque Bergeron
    Leblanc Paquette Girard Simard Boucher Caron Beaulieu Cloutier Dubé Poirier Fournier Lapointe Leclerc Lefebvre
    Nadeau Thibault Martel Hébert Landry Grenier Savard Michaud Villeneuve Desjardins Champagne L'Écuyer Nguyen Tran
    Singh Benali Haddad O'Brien St-Pierre Saint-Onge Charron Archambault Vaillancourt Deschênes Rousseau Lemay
""")
STREETS = _words("rue des Érables,avenue du Parc,boulevard Saint-Joseph,rue Principale,chemin du Lac,rue Ontario", ",")
CITIES = _words("Montréal,Québec,Laval,Gatineau,Longueuil,Sherbrooke,Saguenay,Lévis,Trois-Rivières", ",")


def person(number):
    """Return the facts of a person: the same number is always the same person."""
    dice = random.Random(number)
    first, last = dice.choice(FIRST), dice.choice(LAST)
    return {
        "first_name": first,
        "last_name": last,
        "phone": f"+1 514 {dice.randint(200, 999)} {dice.randint(0, 9999):04}",
        "email": f"person{number}@example.org",
        "street": f"{dice.randint(1, 9999)} {dice.choice(STREETS)}",
        "city": dice.choice(CITIES),
        "zip": f"H{dice.randint(1, 9)}{dice.choice('ABCEGHJKLMNPRSTVXY')} {dice.randint(1, 9)}B{dice.randint(1, 9)}",
        "birthdate": date(2025, 12, 31) - timedelta(days=dice.randint(1, 36_000)),
        "sex": dice.choice(("female", "male")),
    }
