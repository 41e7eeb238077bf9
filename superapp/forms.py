from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Every form field of the product is drawn by one template."""

    field_template_name = "forms/field.html"
