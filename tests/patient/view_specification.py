"""What the web client asks for when it shows a view, so that tests count the queries of the real screens."""

from lxml import etree


def get_specification(model, view_type):
    """Return the specification that ``web_read`` and ``web_search_read`` receive for a view of ``model``.

    Built, as the web client does it, from the view as this user gets it: fields hidden from his groups are not asked
    for, one2many fields come with the columns of their embedded list.
    """
    arch = etree.fromstring(model.get_view(view_type=view_type)["arch"])
    return _specify(model, arch)


def _specify(model, node):
    specification = {}
    for element in node.xpath(".//field"):
        if any(ancestor.tag == "field" for ancestor in _ancestors(element, node)):
            continue
        field = model._fields[element.get("name")]
        specification.setdefault(field.name, {})
        if field.type == "many2one":
            specification[field.name] = {"fields": {"display_name": {}}}
        elif field.relational:
            columns = element.find("list")
            comodel = model.env[field.comodel_name]
            inner = _specify(comodel, columns) if columns is not None else {"display_name": {}}
            limit = int(columns.get("limit", 40)) if columns is not None else 40
            specification[field.name] = {"fields": inner, "limit": limit}
    return specification


def _ancestors(element, root):
    while (element := element.getparent()) is not None and element is not root:
        yield element
