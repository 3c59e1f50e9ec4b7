"""The roles that everything else is deployed through, as CloudFormation templates: the first step in every account."""

from airlock.bootstrap.templates import FILES, template_for, templates, write_templates

__all__ = ["FILES", "template_for", "templates", "write_templates"]
