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
    "/staff/people/",
    "/staff/audit/",
    "/staff/account/",
    "/staff/change",
)
