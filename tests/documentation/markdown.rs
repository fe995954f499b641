//! As much of Markdown as the pages use: headings, tables, code spans, links.

/// The lines below a heading, up to the next one of the same level or a higher one. No such heading: none.
pub fn section<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let level = heading.bytes().take_while(|byte| *byte == b'#').count();
    let ends = |line: &&str| {
        let own = line.bytes().take_while(|byte| *byte == b'#').count();
        own == 0 || own > level
    };
    let mut lines = outside_of_blocks(text).skip_while(|line| *line != heading);
    lines.next();
    lines.take_while(ends).collect()
}

/// The cells of each row of the tables in these lines, without the heads.
pub fn rows<'a>(lines: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut rows = Vec::new();
    let mut in_body = false;
    for line in lines {
        let Some(inside) = line.strip_prefix('|').and_then(|line| line.trim_end().strip_suffix('|')) else {
            in_body = false;
            continue;
        };
        if inside.bytes().all(|byte| b"|-: ".contains(&byte)) {
            in_body = true;
        } else if in_body {
            rows.push(cells(inside));
        }
    }
    rows
}

/// Splits a row at each `|` that no backslash precedes.
fn cells(row: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut begin = 0;
    for (at, _) in row.match_indices('|').filter(|(at, _)| !row[..*at].ends_with('\\')) {
        cells.push(row[begin..at].trim());
        begin = at + 1;
    }
    cells.push(row[begin..].trim());
    cells
}

/// The code spans of a line or a cell; in a table, `\|` is `|`.
pub fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(|span| span.replace("\\|", "|")).collect()
}

/// Where the links of a text point to, without those in code.
pub fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in outside_of_blocks(text) {
        let plain: String = line.split('`').step_by(2).collect();
        for (at, _) in plain.match_indices("](") {
            let rest = &plain[at + 2..];
            links.extend(rest.split_once(')').map(|(target, _)| target.to_owned()));
        }
    }
    links
}

/// What a link after `#` may say: each heading of a text, as GitHub makes anchors of them.
pub fn anchors(text: &str) -> Vec<String> {
    let headings = outside_of_blocks(text).filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        words.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
    };
    headings.map(anchor).collect()
}

/// The lines that stand in no fenced block.
pub fn outside_of_blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}
