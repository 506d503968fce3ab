"""The console's pages that open by themselves, for the tests that look at every page."""

PAGES = (
    "/staff/leads/",
    "/staff/next",
    "/staff/requests/",
    "/staff/dashboard/",
    "/staff/campaigns/",
    "/staff/campaigns/new",
    "/staff/board/",
    "/staff/board/targets",
    "/staff/news/",
    "/staff/news/new",
    "/staff/bulk/",
    "/staff/export/",
    "/staff/questions/",
    "/staff/answers/",
    "/staff/answers/facts",
    "/staff/answers/benefit_maternity/",
    "/staff/wordings/new/benefit_maternity?variant=base&style=text",
    "/staff/people/",
    "/staff/audit/",
    "/staff/account/",
    "/staff/change",
)
OF_A_CODE = ("/staff/campaigns/{code}/", "/staff/campaigns/{code}/queue/")
"""Those of a campaign's code, the second of an event's alone."""
