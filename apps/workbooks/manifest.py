"""What the rest of the house needs to know of this app."""

from apps.webui.manifests import Manifest, allow

OWN_EXPORTS = allow("view add", "workbooks", "workbookexport")
MANIFEST = Manifest(
    address="workbooks/",
    permissions={
        "office": allow("view add change delete", "workbooks", "importbatch importchange headermapping") | OWN_EXPORTS,
        "principal": allow("view add change", "workbooks", "importbatch") | OWN_EXPORTS,
        "teacher": OWN_EXPORTS,
        "researcher": OWN_EXPORTS,
    },
)
