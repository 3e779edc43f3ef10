"""What the rest of the house needs to know of this app."""

from apps.webui.manifests import Manifest, allow

from .rules import demand_unlocked

MANIFEST = Manifest(
    address="reports/",
    permissions={
        "office": allow(
            "view add change delete",
            "reports",
            "annualsummary summarysection sectionrevision paragraphcomment summaryversion summarybatch summarypiece",
        )
        | frozenset({"reports.finalise_annualsummary"}),
        "principal": allow("view add change delete", "reports", "annualsummary summarysection summarybatch")
        | allow("view", "reports", "sectionrevision summaryversion")
        | allow("view add change", "reports", "paragraphcomment"),
        "teacher": allow("view", "reports", "annualsummary"),
    },
    locks=(demand_unlocked,),
)
