//! What a module gets for a configuration, and what it does not get.

use super::*;

/// A configuration folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("mini-switch-{test}-{}", std::process::id()));
        std::fs::create_dir_all(path.join("autoload_configs")).unwrap();
        for (name, text) in files {
            std::fs::write(path.join(name), text).unwrap();
        }
        Self(path)
    }

    fn open(&self, name: &str) -> Result<Option<String>, String> {
        Ok(find(&Vars::default(), &self.0, name)?.map(|e| document(&e).node))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_configuration_has_its_variables_and_no_comments() {
    let folder = Folder::new(
        "vars",
        &[
            (
                "vars.xml",
                "<include>\n<X-PRE-PROCESS cmd=\"set\" data=\"host = broker.example\"/>\n</include>",
            ),
            (
                "autoload_configs/a.conf.xml",
                "<?xml version=\"1.0\"?>\n<configuration name=\"a.conf\">\n<!-- no -->\n<X-PRE-PROCESS cmd=\"set\" \
                 data=\"port=1884\"/>\n<param name=\"host\" value=\"$${host}:$${port}$${none}\"/></configuration>",
            ),
        ],
    );
    let text = folder.open("a.conf").unwrap().unwrap();
    assert!(text.contains("value=\"broker.example:1884\""), "{text}");
    assert!(text.starts_with("<configuration") && !text.contains("<!--"), "{text}");
}

#[test]
fn files_are_included_relative_to_the_file_that_asks() {
    let folder = Folder::new(
        "include",
        &[
            (
                "autoload_configs/a.conf.xml",
                "<configuration name=\"a.conf\">\n<X-PRE-PROCESS cmd=\"include\" data=\"../part*.inc\"/>\n\
                 </configuration>",
            ),
            ("part1.inc", "<include>\n<one/>\n</include>"),
            ("part2.inc", "<two/>"),
        ],
    );
    let text = folder.open("a.conf").unwrap().unwrap();
    assert!(text.find("<one").unwrap() < text.find("<two").unwrap(), "{text}");
}

#[test]
fn a_configuration_is_found_by_its_name_in_any_file() {
    let folder = Folder::new(
        "name",
        &[
            ("autoload_configs/broken.xml", "<configuration name=\"a.conf\">"),
            ("autoload_configs/x.xml", "<section><configuration name=\"a.conf\"/></section>"),
        ],
    );
    assert!(folder.open("a.conf").unwrap().is_some());
    assert_eq!(folder.open("b.conf"), Ok(None));
}

#[test]
fn a_malformed_or_empty_file_is_named_with_the_place() {
    let folder = Folder::new(
        "broken",
        &[
            ("autoload_configs/a.conf.xml", "<configuration name=\"a.conf\">\n<settings>\n</configuration>"),
            ("autoload_configs/b.conf.xml", " \n"),
        ],
    );
    let error = folder.open("a.conf").unwrap_err();
    assert!(error.contains("a.conf.xml") && error.contains("3:"), "{error}");
    assert!(folder.open("b.conf").unwrap_err().contains("b.conf.xml: the file is empty"));
}
