//! A row of the table: what was measured, against what, and whether that is good enough.

use serde_json::{Value, json};
use std::fmt::Write;

/// What is asked of a row.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// The median is at most this.
    AtMost(f64),
    /// The median is at least this.
    AtLeast(f64),
    /// The median is below this.
    Below(f64),
    /// Nothing: it is good to know.
    None,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What the figure is a ratio to, or the unit that it has.
    pub against: &'static str,
    /// What is asked of it.
    pub goal: Goal,
    /// The figure of each round.
    pub values: Vec<f64>,
    /// What the figures were made of, by name.
    pub parts: Value,
}

impl Row {
    /// The median of the rounds.
    pub fn median(&self) -> f64 {
        median(self.values.clone())
    }

    fn reached(&self) -> Option<bool> {
        let median = self.median();
        match self.goal {
            Goal::AtMost(most) => Some(median <= most),
            Goal::AtLeast(least) => Some(median >= least),
            Goal::Below(limit) => Some(median < limit),
            Goal::None => None,
        }
    }

    fn spread(&self) -> (f64, f64) {
        let ends = |(low, high): (f64, f64), value: &f64| (low.min(*value), high.max(*value));
        self.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), ends)
    }
}

impl Goal {
    fn text(self) -> String {
        match self {
            Self::AtMost(most) => format!("at most {most}"),
            Self::AtLeast(least) => format!("at least {least}"),
            Self::Below(limit) => format!("below {limit}"),
            Self::None => String::new(),
        }
    }
}

/// The value in the middle; of an even number, the mean of the two in the middle.
///
/// # Panics
/// If there is none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

/// The table.
pub fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<46} {:<34} {:>7} {:>15}  {:<14} reached\n",
        "what", "against", "median", "spread", "goal"
    );
    for row in rows {
        let (low, high) = row.spread();
        let reached = row.reached().map_or("", |reached| if reached { "yes" } else { "NO" });
        writeln!(
            text,
            "{:<46} {:<34} {:>7.2} {:>15}  {:<14} {reached}",
            row.what,
            row.against,
            row.median(),
            format!("{low:.2} to {high:.2}"),
            row.goal.text(),
        )
        .expect("text");
    }
    text
}

/// The same as JSON, with what the figures were made of.
pub fn to_json(rows: &[Row], load: &str, quick: bool) -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let (low, high) = row.spread();
            json!({
                "what": row.what,
                "against": row.against,
                "median": row.median(),
                "low": low,
                "high": high,
                "rounds": row.values,
                "goal": row.goal.text(),
                "reached": row.reached(),
                "parts": row.parts,
            })
        })
        .collect();
    let machine = json!({
        "processor": model.map(|(_, model)| model),
        "processors": processors,
        "load_average_before": load,
    });
    let all = json!({ "machine": machine, "quick": quick, "rows": rows });
    serde_json::to_string_pretty(&all).expect("JSON") + "\n"
}
