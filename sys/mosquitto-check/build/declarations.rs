//! The declarations of a crate, read from its sources. Anything that would go unproven is an error.

use crate::c_types::is_c;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Everything that the crate declares.
#[derive(Default)]
pub struct Declarations {
    pub functions: Vec<syn::ForeignItemFn>,
    pub constants: Vec<syn::ItemConst>,
    pub structures: Vec<syn::ItemStruct>,
    pub aliases: BTreeMap<String, syn::Type>,
}

impl Declarations {
    /// Reads every file of a folder.
    pub fn read(sources: &Path) -> Result<Self, String> {
        let failed = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let mut all = Self::default();
        for entry in std::fs::read_dir(sources).map_err(|e| failed(sources, &e))? {
            let path = entry.map_err(|e| failed(sources, &e))?.path();
            let text = std::fs::read_to_string(&path).map_err(|e| failed(&path, &e))?;
            let file = syn::parse_file(&text).map_err(|e| failed(&path, &e))?;
            for item in file.items {
                all.add(item).map_err(|e| failed(&path, &e))?;
            }
        }
        Ok(all)
    }

    fn add(&mut self, item: syn::Item) -> Result<(), String> {
        match item {
            syn::Item::Use(_) | syn::Item::Mod(_) => {}
            syn::Item::Const(constant) => self.constants.push(constant),
            syn::Item::Struct(structure) => self.structures.push(structure),
            syn::Item::Type(alias) => {
                self.aliases.insert(alias.ident.to_string(), *alias.ty);
            }
            syn::Item::ForeignMod(block) => {
                if !is_c(Some(&block.abi)) {
                    return Err("an extern block is not `extern \"C\"`".into());
                }
                for item in block.items {
                    let syn::ForeignItem::Fn(function) = item else {
                        return Err(
                            "an extern block has something else than functions: nothing checks it".into()
                        );
                    };
                    self.functions.push(function);
                }
            }
            _ => return Err("there is an item of a kind that nothing checks".into()),
        }
        Ok(())
    }

    /// The names as Rust source, for the tests.
    pub fn lists(&self) -> String {
        let mut out = String::new();
        let mut list = |name: &str, what: &str, names: Vec<String>| {
            writeln!(out, "/// {what}.\npub const {name}: &[&str] = &{names:?};").expect("a String takes it");
        };
        list("FUNCTIONS", "Functions", self.functions.iter().map(|f| f.sig.ident.to_string()).collect());
        list("CONSTANTS", "Constants", self.constants.iter().map(|c| c.ident.to_string()).collect());
        list("STRUCTURES", "Structures", self.structures.iter().map(|s| s.ident.to_string()).collect());
        out
    }

    /// Whether the library alone looks into this structure.
    pub fn is_opaque(structure: &syn::ItemStruct) -> bool {
        !structure.fields.iter().any(|f| matches!(f.vis, syn::Visibility::Public(_)))
    }

    /// Whether this structure has a field that is a `bool`.
    pub fn has_bool(structure: &syn::ItemStruct) -> bool {
        structure.fields.iter().any(|f| matches!(&f.ty, syn::Type::Path(path) if path.path.is_ident("bool")))
    }
}
