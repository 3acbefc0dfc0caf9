from django import template

register = template.Library()


@register.simple_tag
def visitor_figures():
    return ""
