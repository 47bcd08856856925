"""What the web client asks of the server when it opens a view, made from the view as the user gets it."""

from lxml import etree


def form_specification(model, view=None):
    """Return the specification of ``web_read`` and ``web_save`` of a form."""
    return _specification(model, _arch(model, "form", view), with_lists=True)


def list_specification(model, view=None):
    """Return the specification of ``web_search_read`` of a list."""
    return _specification(model, _arch(model, "list", view), with_lists=False)


def calendar_fields(model, view=None):
    """Return the fields that the calendar view reads: those its attributes name and those it shows."""
    arch = _arch(model, "calendar", view)
    attributes = ("date_start", "date_stop", "date_delay", "color", "all_day", "create_name_field")
    names = [arch.get(name) for name in attributes]
    names += [node.get("name") for node in arch.iter("field")]
    return list(dict.fromkeys(["display_name", *(name for name in names if name in model._fields)]))


def _arch(model, view_type, view):
    view_id = model.env.ref(view).id if view else False
    views = model.get_views([(view_id, view_type)])
    return etree.fromstring(views["views"][view_type]["arch"])


def _specification(model, arch, with_lists):
    """Return the fields of an arch as the web client's ``getFieldsSpec`` does."""
    specification = {}
    for node in arch.iter("field"):
        if any(ancestor.tag == "field" for ancestor in node.iterancestors()):
            continue
        field = model._fields[node.get("name")]
        hidden = node.get("invisible") in ("1", "True") or node.get("column_invisible") in ("1", "True")
        specification.setdefault(field.name, {})
        if field.type == "many2one":
            specification[field.name] = {"fields": {} if hidden else {"display_name": {}}}
        elif field.type in ("one2many", "many2many") and not hidden:
            specification[field.name] = _inner(model, node, field, with_lists)
    return specification


def _inner(model, node, field, with_lists):
    """Return the specification of an x2many field: its own list or kanban, the comodel's list, or tags."""
    comodel = model.env[field.comodel_name]
    if not with_lists or "tags" in node.get("widget", "") or node.get("widget") in ("many2many_checkboxes",):
        color = {"color": {}} if "color" in comodel._fields else {}
        return {"fields": {"display_name": {}, **color}}
    inner = next((child for child in node if child.tag in ("list", "kanban")), None)
    # Cut loose, so that its fields are not taken for those of a field within a field.
    inner = _arch(comodel, "list", None) if inner is None else etree.fromstring(etree.tostring(inner))
    return {"fields": _specification(comodel, inner, False), "limit": int(inner.get("limit", 40))}
