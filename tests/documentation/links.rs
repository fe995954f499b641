//! What the pages point to is there: links between them, paths of the tree in backticks.

use crate::markdown::{anchors, code, links, outside_of_blocks};
use crate::{files, must_be_empty, read, root};
use std::path::{Path, PathBuf};

/// Every page.
fn pages() -> Vec<PathBuf> {
    let mut pages = files("docs", ".md");
    pages.extend(["README.md", "CHANGELOG.md"].map(|name| root().join(name)));
    pages
}

fn shown(page: &Path) -> String {
    page.strip_prefix(root()).expect("below the top").display().to_string()
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for page in pages() {
        for link in links(&read(&page)) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target =
                if path.is_empty() { page.clone() } else { page.parent().expect("a folder").join(path) };
            if !target.exists() {
                wrong.push(format!("{}: the link {link} leads to nothing", shown(&page)));
            } else if !anchor.is_empty() && !anchors(&read(&target)).iter().any(|other| other == anchor) {
                wrong.push(format!("{}: the link {link} leads to no heading", shown(&page)));
            }
        }
    }
    must_be_empty(wrong);
}

#[test]
fn every_path_of_the_tree_that_is_named_exists() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = read(&page);
        for span in outside_of_blocks(&text).flat_map(code) {
            // A command with its arguments is a path as well.
            let path = span.split(' ').next().unwrap_or_default();
            let Some((first, _)) = path.split_once('/') else { continue };
            let of_the_tree = !first.is_empty() && first != "target" && root().join(first).is_dir();
            if of_the_tree && !path.contains(['*', '<', '{']) && !root().join(path).exists() {
                wrong.push(format!("{}: there is no {path}", shown(&page)));
            }
        }
    }
    must_be_empty(wrong);
}

#[test]
fn every_page_is_linked_to_from_another() {
    let all: Vec<_> = pages().into_iter().map(|page| (read(&page), page)).collect();
    for (_, page) in all.iter().filter(|(_, page)| page.starts_with(root().join("docs"))) {
        let name = page.file_name().expect("a name").to_string_lossy();
        let linked = all.iter().filter(|(_, other)| other != page).any(|(text, _)| {
            links(text).iter().any(|link| link.split('#').next().is_some_and(|link| link.ends_with(&*name)))
        });
        assert!(linked, "no page links to {name}");
    }
}

#[test]
fn a_file_of_the_tree_that_a_page_shows_is_shown_as_it_is() {
    let mut shown_files = 0;
    for page in pages() {
        let text = read(&page);
        for (before, rest) in text.match_indices("`:\n\n```").map(|(at, _)| text.split_at(at)) {
            let path = before.rsplit('`').next().unwrap_or_default();
            if path.starts_with("conf/") {
                let block = rest.split("```").nth(1).and_then(|block| block.split_once('\n'));
                assert_eq!(block.expect("a block").1, read(path), "{}: {path}", shown(&page));
                shown_files += 1;
            }
        }
    }
    assert_eq!(shown_files, 2, "the operator's guide shows the broker's configuration and its ACL");
}
