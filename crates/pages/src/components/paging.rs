//! Moving about: sub-navigation (status tabs that are links, with counts) and pagination.

use askama::Template;

use crate::component;
use crate::words;

#[derive(Debug, Clone)]
struct SubNavItem {
    text: String,
    href: String,
    count: Option<String>,
    current: bool,
}

/// Tabs that are links, each with the count of what is behind it.
#[derive(Debug, Clone, Template)]
#[template(path = "components/sub_nav.html")]
pub struct SubNav {
    label: String,
    items: Vec<SubNavItem>,
}

impl SubNav {
    /// The label names the set for screen readers: "Referrals by status", "HEF-R-0042".
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), items: Vec::new() }
    }

    /// Adds a tab.
    #[must_use]
    pub fn tab(self, text: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        self.push(text.into(), href.into(), None, current)
    }

    /// Adds a tab with a count.
    #[must_use]
    pub fn counted(self, text: impl Into<String>, href: impl Into<String>, count: u64, current: bool) -> Self {
        self.push(text.into(), href.into(), Some(count), current)
    }

    fn push(mut self, text: String, href: String, count: Option<u64>, current: bool) -> Self {
        self.items.push(SubNavItem { text, href, count: count.map(words::number), current });
        self
    }
}

#[derive(Debug, Clone)]
enum PageItem {
    Page { number: u64, href: String, current: bool },
    Gap,
}

/// Page numbers below a list; nothing at all when there is one page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/pagination.html")]
pub struct Pagination {
    previous: Option<String>,
    next: Option<String>,
    items: Vec<PageItem>,
}

impl Pagination {
    /// Page `page` of `pages`, counted from 1; `href` gives the address of a page, all filters kept.
    pub fn new(page: u64, pages: u64, href: impl Fn(u64) -> String) -> Self {
        if pages <= 1 {
            return Self { previous: None, next: None, items: Vec::new() };
        }
        let mut items = Vec::new();
        let mut last_shown = 0;
        for number in 1..=pages {
            if number == 1 || number == pages || number.abs_diff(page) <= 1 {
                if number > last_shown + 1 {
                    items.push(PageItem::Gap);
                }
                items.push(PageItem::Page { number, href: href(number), current: number == page });
                last_shown = number;
            }
        }
        Self { previous: (page > 1).then(|| href(page - 1)), next: (page < pages).then(|| href(page + 1)), items }
    }
}

component!(SubNav, Pagination);

#[cfg(test)]
mod tests {
    use super::Pagination;

    #[test]
    fn one_page_needs_no_pagination() {
        assert_eq!(Pagination::new(1, 1, |_| String::new()).to_string().trim(), "");
    }

    #[test]
    fn the_middle_of_many_pages_shows_its_neighbours_and_both_ends() {
        let html = Pagination::new(6, 12, |page| format!("?page={page}")).to_string();
        for page in ["?page=1\"", "?page=5\"", "?page=6\"", "?page=7\"", "?page=12\""] {
            assert!(html.contains(page), "{page} in {html}");
        }
        assert!(!html.contains("?page=3\""));
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1);
    }
}
