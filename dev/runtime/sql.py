"""Runs SQL with the Python that has psycopg2: ``sql.py < request``, where the request and the answer are JSON.

The request is ``{"dsn": {...}, "statements": [[sql, [parameter...]]...]}``; each statement is its own
transaction, because databases are created and renamed outside of transactions.  The answer is
``{"rows": [[row...]...]}`` or ``{"error": text, "code": SQLSTATE}``.
"""

import json
import sys

import psycopg2


def main() -> None:
    request = json.load(sys.stdin)
    try:
        answer = {"rows": run(request["dsn"], request["statements"])}
    except psycopg2.Error as error:
        answer = {"error": str(error).strip(), "code": error.pgcode}
    json.dump(answer, sys.stdout, default=str)


def run(dsn: dict, statements: list) -> list:
    connection = psycopg2.connect(**dsn)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            return [execute(cursor, statement, parameters) for statement, parameters in statements]
    finally:
        connection.close()


def execute(cursor, statement: str, parameters: list) -> list:
    cursor.execute(statement, parameters or None)
    return cursor.fetchall() if cursor.description else []


if __name__ == "__main__":
    main()
