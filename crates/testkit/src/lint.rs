//! Lints of rendered pages: the strict rules of the interface that need no browser (labels, headings, ids, forms …).
//!
//! Depends on nothing but the HTML parser, so that the pages' own tests can include this file by its path.
//! Each rule is one small function, and each has a test with a page that breaks it.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

/// The last part of every title.
const SERVICE_NAME: &str = "Arrange children's home placements";
/// The hidden field that holds the CSRF token.
const CSRF_FIELD: &str = "_csrf";
/// Link texts that say nothing by themselves.
const EMPTY_WORDS: [&str; 8] =
    ["view", "here", "more", "details", "click here", "read more", "view details", "see more"];

/// What pictures of the crown and their places are called.
const CROWN: [&str; 3] = ["crown", "crest", "logotype"];
/// The typeface that may be used on gov.uk only.
const TYPEFACE: &str = "gds transport";

type Rule = fn(&Html, &mut Vec<String>);

/// Every rule that a whole page breaks, in words: what is wrong and where. Empty for a good page.
#[must_use]
pub fn lint(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let rules: [Rule; 15] = [
        headings,
        title,
        language,
        labels,
        descriptions,
        error_summary,
        ids,
        tables,
        link_texts,
        banned_attributes,
        inline_code,
        forms,
        drawings,
        tags,
        government_marks,
    ];
    let mut found = Vec::new();
    for rule in rules {
        rule(&page, &mut found);
    }
    found
}

fn all<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(css).map(|selector| page.select(&selector).collect()).unwrap_or_default()
}

fn within<'a>(element: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(css).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

fn text(element: ElementRef) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn attribute<'a>(element: ElementRef<'a>, name: &str) -> &'a str {
    element.value().attr(name).unwrap_or_default()
}

/// How a message names an element.
fn named(element: ElementRef) -> String {
    let part = |name: &str| element.value().attr(name).map(|value| format!(" {name}=\"{value}\"")).unwrap_or_default();
    format!("<{}{}{}{}>", element.value().name(), part("id"), part("name"), part("href"))
}

fn ids_of(page: &Html) -> HashSet<&str> {
    all(page, "[id]").into_iter().map(|element| attribute(element, "id")).collect()
}

fn headings(page: &Html, found: &mut Vec<String>) {
    let main = all(page, "h1").len();
    if main != 1 {
        found.push(format!("a page has exactly one h1; this has {main}"));
    }
    let mut last = 0;
    for heading in all(page, "main h1, main h2, main h3, main h4, main h5, main h6") {
        let level: u8 = heading.value().name().trim_start_matches('h').parse().unwrap_or(0);
        let is_summary = attribute(heading, "class").contains("govuk-error-summary__title");
        if level > last + 1 && !is_summary {
            found.push(format!("heading \"{}\" is an h{level} after an h{last}", text(heading)));
        }
        if text(heading).is_empty() {
            found.push(format!("an h{level} has no text"));
        }
        if !is_summary {
            last = level;
        }
    }
}

fn title(page: &Html, found: &mut Vec<String>) {
    let titles = all(page, "head > title");
    let [title] = titles.as_slice() else {
        found.push(format!("a page has exactly one title; this has {}", titles.len()));
        return;
    };
    let title = text(*title);
    let heading = all(page, "h1").first().map(|heading| text(*heading)).unwrap_or_default();
    let has_errors = !all(page, ".govuk-error-summary").is_empty();
    let rest = match (title.strip_prefix("Error: "), has_errors) {
        (Some(rest), true) => rest,
        (None, false) => title.as_str(),
        (Some(_), false) => {
            found.push("the title says \"Error: \" but there is no error summary".to_owned());
            return;
        }
        (None, true) => {
            found.push("there is an error summary but the title does not begin with \"Error: \"".to_owned());
            return;
        }
    };
    let good = rest
        .strip_prefix(heading.as_str())
        .and_then(|rest| rest.strip_suffix(SERVICE_NAME))
        .is_some_and(|middle| middle.starts_with(" - ") || middle.starts_with(" (page "));
    if !good {
        found.push(format!(
            "the title \"{title}\" is not of the form \"[Error: ]{heading} [(page n of m)] [- record] - {SERVICE_NAME}\""
        ));
    }
}

fn language(page: &Html, found: &mut Vec<String>) {
    if !all(page, "html").iter().any(|html| attribute(*html, "lang").starts_with("en")) {
        found.push("the html element has no lang".to_owned());
    }
}

fn controls(page: &Html) -> Vec<ElementRef<'_>> {
    all(page, "input, select, textarea")
        .into_iter()
        .filter(|control| !matches!(attribute(*control, "type"), "hidden" | "submit" | "button"))
        .collect()
}

fn labels(page: &Html, found: &mut Vec<String>) {
    let labelled: HashSet<&str> = all(page, "label[for]")
        .into_iter()
        .filter(|label| !text(*label).is_empty())
        .map(|label| attribute(label, "for"))
        .collect();
    for control in controls(page) {
        let by_attribute =
            !attribute(control, "aria-label").is_empty() || !attribute(control, "aria-labelledby").is_empty();
        if !by_attribute && !labelled.contains(attribute(control, "id")) {
            found.push(format!("{} has no label", named(control)));
        }
    }
    for fieldset in all(page, "fieldset") {
        if within(fieldset, "legend").iter().all(|legend| text(*legend).is_empty()) {
            found.push(format!("{} has no legend", named(fieldset)));
        }
    }
    for button in all(page, "button") {
        if text(button).is_empty() && attribute(button, "aria-label").is_empty() {
            found.push("a button has no text".to_owned());
        }
    }
    for own in ["email", "password"] {
        for control in all(page, &format!("input[type={own}]")) {
            if attribute(control, "autocomplete").is_empty() {
                found.push(format!("{} asks about the reader and has no autocomplete", named(control)));
            }
        }
    }
}

fn descriptions(page: &Html, found: &mut Vec<String>) {
    let ids = ids_of(page);
    for name in ["aria-describedby", "aria-labelledby", "aria-controls", "for"] {
        for element in all(page, &format!("[{name}]")) {
            for id in attribute(element, name).split_whitespace().filter(|id| !ids.contains(id)) {
                found.push(format!("{} has {name}=\"{id}\", and no element has that id", named(element)));
            }
        }
    }
    let described: HashSet<&str> = all(page, "[aria-describedby]")
        .into_iter()
        .flat_map(|element| attribute(element, "aria-describedby").split_whitespace())
        .collect();
    for error in all(page, ".govuk-error-message") {
        if !described.contains(attribute(error, "id")) {
            found.push(format!("the error \"{}\" is not linked by aria-describedby", text(error)));
        }
    }
}

fn error_summary(page: &Html, found: &mut Vec<String>) {
    let summaries = all(page, ".govuk-error-summary");
    if summaries.len() > 1 {
        found.push("there is more than one error summary".to_owned());
    }
    if !summaries.is_empty() && !all(page, ".govuk-notification-banner").is_empty() {
        found.push("a banner stands beside an error summary".to_owned());
    }
    if all(page, ".govuk-notification-banner").len() > 1 {
        found.push("there is more than one notification banner".to_owned());
    }
    let ids = ids_of(page);
    for link in all(page, ".govuk-error-summary a") {
        let target = attribute(link, "href").trim_start_matches('#');
        if !ids.contains(target) {
            found.push(format!("the error summary links to #{target}, and no element has that id"));
        }
    }
    if summaries.is_empty() && !all(page, ".govuk-error-message").is_empty() {
        found.push("a field has an error and there is no error summary".to_owned());
    }
}

fn ids(page: &Html, found: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for element in all(page, "[id]") {
        let id = attribute(element, "id");
        if id.is_empty() || id.contains(char::is_whitespace) {
            found.push(format!("{} has an id that is empty or has a space", named(element)));
        } else if !seen.insert(id) {
            found.push(format!("the id \"{id}\" stands more than once"));
        }
    }
}

fn tables(page: &Html, found: &mut Vec<String>) {
    for table in all(page, "table") {
        let captions = within(table, "caption");
        if captions.first().is_none_or(|caption| text(*caption).is_empty()) {
            found.push("a table has no caption".to_owned());
        }
        for header in within(table, "th") {
            if !matches!(attribute(header, "scope"), "col" | "row" | "colgroup" | "rowgroup") {
                found.push(format!("the table header \"{}\" has no scope", text(header)));
            }
        }
        if within(table, "th").is_empty() {
            found.push("a table has no headers".to_owned());
        }
    }
}

fn link_texts(page: &Html, found: &mut Vec<String>) {
    for link in all(page, "a[href]") {
        let words = text(link).to_lowercase();
        if words.is_empty() && attribute(link, "aria-label").is_empty() {
            found.push(format!("{} has no text", named(link)));
        } else if EMPTY_WORDS.contains(&words.trim_end_matches(['.', '…'])) {
            found.push(format!("{} says only \"{words}\"", named(link)));
        }
        if matches!(attribute(link, "href"), "" | "#") {
            found.push(format!("the link \"{words}\" goes nowhere"));
        }
    }
}

fn banned_attributes(page: &Html, found: &mut Vec<String>) {
    for name in ["autofocus", "accesskey", "required"] {
        for element in all(page, &format!("[{name}]")) {
            found.push(format!("{} has {name}", named(element)));
        }
    }
    for element in all(page, "[tabindex]") {
        if attribute(element, "tabindex").parse::<i32>().is_ok_and(|index| index > 0) {
            found.push(format!("{} has a tabindex above 0", named(element)));
        }
    }
}

fn inline_code(page: &Html, found: &mut Vec<String>) {
    for element in all(page, "*") {
        for (name, value) in element.value().attrs() {
            if name == "style" || name.starts_with("on") || value.trim_start().starts_with("javascript:") {
                found.push(format!("{} has inline code in {name}", named(element)));
            }
        }
    }
    if !all(page, "style").is_empty() {
        found.push("there is an inline style element".to_owned());
    }
    for script in all(page, "script") {
        if attribute(script, "src").is_empty() {
            found.push("there is an inline script".to_owned());
        } else if attribute(script, "nonce").is_empty() {
            found.push(format!("the script {} has no nonce", attribute(script, "src")));
        }
    }
}

fn forms(page: &Html, found: &mut Vec<String>) {
    for form in all(page, "form") {
        let action = attribute(form, "action");
        let method = attribute(form, "method").to_lowercase();
        if form.value().attr("novalidate").is_none() {
            found.push(format!("the form to {action} is not novalidate"));
        }
        let token = within(form, &format!("input[name={CSRF_FIELD}]"));
        match method.as_str() {
            "post" if token.iter().all(|input| attribute(*input, "value").is_empty()) => {
                found.push(format!("the POST form to {action} has no CSRF token"));
            }
            "get" if !token.is_empty() => found.push(format!("the GET form to {action} has a CSRF token")),
            "post" | "get" => {}
            _ => found.push(format!("the form to {action} has no method")),
        }
        if within(form, "button:not([type=button])").is_empty() {
            found.push(format!("the form to {action} has no button"));
        }
    }
}

fn drawings(page: &Html, found: &mut Vec<String>) {
    for drawing in all(page, "svg") {
        if attribute(drawing, "aria-hidden") == "true" {
            continue;
        }
        if within(drawing, "title").iter().all(|title| text(*title).is_empty()) {
            found.push("an svg has no title".to_owned());
        }
        if attribute(drawing, "role") != "img" || attribute(drawing, "aria-labelledby").is_empty() {
            found.push("an svg is not role=\"img\" with aria-labelledby".to_owned());
        }
    }
    for image in all(page, "img") {
        if image.value().attr("alt").is_none() {
            found.push("an img has no alt".to_owned());
        }
    }
}

fn tags(page: &Html, found: &mut Vec<String>) {
    for tag in all(page, ".govuk-tag, .moj-badge") {
        if text(tag).is_empty() {
            found.push("a tag has a colour and no words".to_owned());
        }
    }
}

/// The crown and the typeface of gov.uk are for gov.uk alone.
fn government_marks(page: &Html, found: &mut Vec<String>) {
    for element in all(page, "[class], [src], link, use, image") {
        // A link of the text may lead to a place of that name.
        let linked = if element.value().name() == "a" { "" } else { attribute(element, "href") };
        let names = [attribute(element, "class"), attribute(element, "src"), linked].join(" ").to_lowercase();
        if let Some(mark) = CROWN.into_iter().find(|mark| names.contains(mark)) {
            found.push(format!("{} shows the {mark} of gov.uk", named(element)));
        }
    }
    for element in all(page, "style, [style], [face], link[as=font]") {
        let words = [text(element).as_str(), attribute(element, "style"), attribute(element, "face")].join(" ");
        if attribute(element, "as") == "font" || words.to_lowercase().contains(TYPEFACE) {
            found.push(format!("{} asks for a typeface of its own", named(element)));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::lint;

    /// A page with this in its main part and nothing wrong around it.
    fn page(main: &str) -> String {
        format!(
            "<!DOCTYPE html><html lang=\"en-GB\"><head><title>Referrals - Arrange children's home placements</title></head>\
             <body><main><h1>Referrals</h1>{main}</main></body></html>"
        )
    }

    /// Fails unless exactly this is wrong with the page.
    fn breaks(html: &str, message: &str) {
        let found = lint(html);
        assert!(
            found.len() == 1 && found.iter().all(|line| line.contains(message)),
            "wanted \"{message}\", got {found:?}"
        );
    }

    #[test]
    fn a_good_page_breaks_nothing() {
        let good = page(
            "<h2>Open</h2><form method=\"post\" action=\"/x\" novalidate><input type=\"hidden\" name=\"_csrf\" value=\"t\">\
             <label for=\"q\">Home</label><input id=\"q\" name=\"q\"><button>Send</button></form>\
             <table><caption>Offers</caption><tr><th scope=\"col\">Home</th></tr></table>\
             <a href=\"/x\">View<span> offers</span></a><strong class=\"govuk-tag\">Open</strong>",
        );
        assert_eq!(lint(&good), Vec::<String>::new());
    }

    #[test]
    fn a_page_has_exactly_one_h1() {
        breaks(&page("<h1>Referrals</h1>"), "exactly one h1");
    }

    #[test]
    fn headings_go_down_one_level_at_a_time() {
        breaks(&page("<h3>Open</h3>"), "is an h3 after an h1");
    }

    #[test]
    fn the_title_begins_with_the_heading_and_ends_with_the_service() {
        breaks(&page("").replace("<title>Referrals", "<title>Homes"), "is not of the form");
        breaks(&page("").replace("<title>Referrals", "<title>Error: Referrals"), "no error summary");
        breaks(&page("").replace("<title>Referrals", "<title>Referrals and more"), "is not of the form");
    }

    #[test]
    fn the_language_is_told() {
        breaks(&page("").replace(" lang=\"en-GB\"", ""), "no lang");
    }

    #[test]
    fn every_input_has_a_label() {
        breaks(&page("<input id=\"q\" name=\"q\">"), "has no label");
        breaks(&page("<label for=\"q\"></label><select id=\"q\"></select>"), "has no label");
        breaks(&page("<fieldset></fieldset>"), "has no legend");
        breaks(&page("<button></button>"), "no text");
    }

    #[test]
    fn what_describes_a_field_is_there() {
        breaks(
            &page("<label for=\"q\">Q</label><input id=\"q\" aria-describedby=\"q-hint\">"),
            "no element has that id",
        );
        breaks(&page("<label for=\"r\">Q</label>"), "no element has that id");
    }

    #[test]
    fn an_error_is_linked_to_its_field_and_summed_up() {
        let field =
            "<label for=\"q\">Q</label><input id=\"q\"><p class=\"govuk-error-message\" id=\"q-error\">Enter it</p>";
        let summary = "<div class=\"govuk-error-summary\"><a href=\"#q\">Enter it</a></div>";
        let with_title = |main: &str| page(main).replace("<title>", "<title>Error: ");
        breaks(&with_title(&format!("{summary}{field}")), "not linked by aria-describedby");
        let linked = field.replace("id=\"q\"", "id=\"q\" aria-describedby=\"q-error\"");
        breaks(&page(&linked), "there is no error summary");
        breaks(&page(&format!("{summary}{linked}")), "does not begin with \"Error: \"");
        breaks(&with_title(&format!("{}{linked}", summary.replace("#q", "#z"))), "links to #z");
        let banner = "<div class=\"govuk-notification-banner\"></div>";
        breaks(&with_title(&format!("{banner}{summary}{linked}")), "a banner stands beside");
        breaks(&page(&format!("{banner}{banner}")), "more than one notification banner");
    }

    #[test]
    fn ids_are_unique() {
        breaks(&page("<p id=\"a\"></p><p id=\"a\"></p>"), "more than once");
        breaks(&page("<p id=\"a b\"></p>"), "has a space");
    }

    #[test]
    fn tables_have_captions_and_headers_scopes() {
        breaks(&page("<table><tr><th scope=\"col\">A</th></tr></table>"), "no caption");
        breaks(&page("<table><caption>A</caption><tr><th>A</th></tr></table>"), "has no scope");
        breaks(&page("<table><caption>A</caption><tr><td>A</td></tr></table>"), "no headers");
    }

    #[test]
    fn a_link_says_where_it_goes() {
        breaks(&page("<a href=\"/x\">View</a>"), "says only \"view\"");
        breaks(&page("<a href=\"/x\">Click here.</a>"), "says only");
        breaks(&page("<a href=\"/x\"></a>"), "has no text");
        breaks(&page("<a href=\"#\">Offers</a>"), "goes nowhere");
    }

    #[test]
    fn focus_is_left_to_the_reader() {
        breaks(&page("<p tabindex=\"1\"></p>"), "tabindex above 0");
        for name in ["autofocus", "accesskey", "required"] {
            breaks(&page(&format!("<p {name}=\"x\"></p>")), name);
        }
    }

    #[test]
    fn no_code_stands_in_the_page() {
        breaks(&page("<p style=\"color:red\"></p>"), "inline code in style");
        breaks(&page("<p onclick=\"x()\"></p>"), "inline code in onclick");
        breaks(&page("<a href=\"javascript:x()\">Offers</a>"), "inline code in href");
        breaks(&page("<style>p{}</style>"), "inline style element");
        breaks(&page("<script>x()</script>"), "inline script");
        breaks(&page("<script src=\"/a.js\"></script>"), "has no nonce");
    }

    #[test]
    fn forms_name_their_method_and_only_post_has_a_token() {
        let token = "<input type=\"hidden\" name=\"_csrf\" value=\"t\">";
        let button = "<button>Send</button>";
        breaks(&page(&format!("<form method=\"post\" action=\"/x\">{token}{button}</form>")), "not novalidate");
        breaks(&page(&format!("<form method=\"post\" action=\"/x\" novalidate>{button}</form>")), "has no CSRF token");
        breaks(
            &page(&format!("<form method=\"get\" action=\"/x\" novalidate>{token}{button}</form>")),
            "has a CSRF token",
        );
        breaks(&page(&format!("<form action=\"/x\" novalidate>{button}</form>")), "has no method");
        breaks(&page("<form method=\"get\" action=\"/x\" novalidate></form>"), "has no button");
    }

    #[test]
    fn an_own_address_can_be_filled_in_by_the_browser() {
        breaks(&page("<label for=\"e\">E</label><input id=\"e\" type=\"email\">"), "no autocomplete");
    }

    #[test]
    fn a_drawing_has_a_title_and_a_picture_its_words() {
        breaks(&page("<svg role=\"img\" aria-labelledby=\"t\"><desc id=\"t\">x</desc></svg>"), "no title");
        breaks(&page("<svg><title>Beds</title></svg>"), "role=\"img\"");
        breaks(&page("<img src=\"/x.png\">"), "no alt");
        assert_eq!(lint(&page("<svg aria-hidden=\"true\"></svg>")), Vec::<String>::new());
    }

    #[test]
    fn a_status_is_never_told_by_colour_alone() {
        breaks(&page("<strong class=\"govuk-tag govuk-tag--red\"></strong>"), "no words");
    }

    #[test]
    fn no_crown_and_no_typeface_of_gov_uk_stands_on_a_page() {
        breaks(&page("<svg aria-hidden=\"true\" class=\"govuk-logo-crown\"></svg>"), "shows the crown");
        breaks(&page("<span class=\"govuk-header__logotype\"></span>"), "shows the logotype");
        breaks(&page("<img src=\"/assets/images/govuk-crest.svg\" alt=\"\">"), "shows the crest");
        breaks(&page("").replace("<title>", "<link rel=\"icon\" href=\"/crown.svg\"><title>"), "shows the crown");
        breaks(&page("<font face=\"GDS Transport\">Beds</font>"), "a typeface of its own");
        let preload = "<link rel=\"preload\" as=\"font\" href=\"/a.woff2\"><title>";
        breaks(&page("").replace("<title>", preload), "a typeface of its own");
        let styled = lint(&page("<p style=\"font-family: 'GDS Transport', arial\">Beds</p>"));
        assert!(styled.iter().any(|line| line.contains("a typeface of its own")), "{styled:?}");
        assert_eq!(lint(&page("<a href=\"/homes/crown-house\">Crown House</a>")), Vec::<String>::new());
    }
}
