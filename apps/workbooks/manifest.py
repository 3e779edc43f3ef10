"""What the rest of the house needs to know of this app."""

from apps.webui.manifests import Manifest, allow

MANIFEST = Manifest(
    address="workbooks/",
    permissions={
        "office": allow("view add change delete", "workbooks", "importbatch importchange headermapping"),
        "principal": allow("view add change", "workbooks", "importbatch"),
    },
)
