//! Rust types of a declaration as C types. What has no C counterpart here is an error, never a guess.

use crate::declarations::Declarations;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Writes types in C, and remembers which aliases they went through.
pub struct CTypes<'a> {
    declarations: &'a Declarations,
    is_typedef: fn(&str) -> bool,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> CTypes<'a> {
    /// `is_typedef` tells of a structure whether C says its name without `struct`.
    pub fn new(declarations: &'a Declarations, is_typedef: fn(&str) -> bool) -> Self {
        Self { declarations, is_typedef, used: RefCell::default() }
    }

    /// Aliases that no type so far went through.
    pub fn unused_aliases(&self) -> Vec<&str> {
        let used = self.used.borrow();
        self.declarations.aliases.keys().filter(|name| !used.contains(*name)).map(String::as_str).collect()
    }

    /// The type as an abstract declarator: `struct mosquitto_message const *`, `int (*)(char *, int)`.
    pub fn name(&self, ty: &syn::Type) -> Result<String, String> {
        match ty {
            syn::Type::Ptr(pointer) => self.pointer(pointer),
            syn::Type::BareFn(function) => {
                if !is_c(function.abi.as_ref()) {
                    return Err("a function pointer that is not `extern \"C\"`".into());
                }
                let parameters = self.parameters(function.inputs.iter().map(|p| &p.ty))?;
                Ok(format!("{} (*)({parameters})", self.result(&function.output)?))
            }
            syn::Type::Path(path) => self.path(path),
            _ => Err("a type that is no name, pointer or function".into()),
        }
    }

    /// Parameters of a function, without their names.
    pub fn parameters<'t>(&self, types: impl Iterator<Item = &'t syn::Type>) -> Result<String, String> {
        let types = types.map(|ty| self.name(ty)).collect::<Result<Vec<_>, _>>()?;
        Ok(if types.is_empty() { "void".into() } else { types.join(", ") })
    }

    /// The result of a function.
    pub fn result(&self, output: &syn::ReturnType) -> Result<String, String> {
        match output {
            syn::ReturnType::Default => Ok("void".into()),
            syn::ReturnType::Type(_, ty) => self.name(ty),
        }
    }

    fn pointer(&self, pointer: &syn::TypePtr) -> Result<String, String> {
        let target = self.name(&pointer.elem)?;
        if target.contains("(*)") {
            return Err("a pointer to a pointer to a function".into());
        }
        Ok(if pointer.mutability.is_some() { format!("{target} *") } else { format!("{target} const *") })
    }

    fn path(&self, path: &syn::TypePath) -> Result<String, String> {
        let last = path.path.segments.last().ok_or("a type without a name")?;
        if last.ident == "Option" {
            return self.option(last);
        }
        let name = last.ident.to_string();
        let c = match name.as_str() {
            "c_char" => "char",
            "c_int" => "int",
            "c_long" => "long",
            "c_uchar" => "unsigned char",
            "c_uint" => "unsigned int",
            "c_ulong" => "unsigned long",
            "c_void" => "void",
            "bool" => "bool",
            "u8" => "uint8_t",
            "u16" => "uint16_t",
            "u32" => "uint32_t",
            "usize" => "size_t",
            _ if self.declarations.structures.iter().any(|s| s.ident == name) => {
                return Ok(if (self.is_typedef)(&name) { name } else { format!("struct {name}") });
            }
            _ => return self.alias(&name),
        };
        Ok(c.into())
    }

    fn alias(&self, name: &str) -> Result<String, String> {
        let target = self.declarations.aliases.get(name).ok_or_else(|| format!("`{name}` has no C type"))?;
        self.used.borrow_mut().insert(name.into());
        match target {
            // A number that has a name of its own is an enum in the header, and stays one here.
            syn::Type::Path(_) => Ok(format!("enum {name}")),
            _ => Err(format!("`{name}` is a function pointer and must be an Option: null is allowed in C")),
        }
    }

    /// `Option` of a function pointer: the same in C, where any pointer may be null.
    fn option(&self, option: &syn::PathSegment) -> Result<String, String> {
        let syn::PathArguments::AngleBracketed(arguments) = &option.arguments else {
            return Err("an Option of nothing".into());
        };
        match arguments.args.first() {
            Some(syn::GenericArgument::Type(ty @ syn::Type::BareFn(_))) => self.name(ty),
            Some(syn::GenericArgument::Type(syn::Type::Path(path))) => {
                let name = path.path.get_ident().ok_or("an Option of a path")?.to_string();
                let target =
                    self.declarations.aliases.get(&name).ok_or_else(|| format!("`{name}` is no alias"))?;
                self.used.borrow_mut().insert(name);
                self.name(target)
            }
            _ => Err("an Option of something else than a function pointer".into()),
        }
    }
}

/// Whether an ABI is C's, which has to be said.
pub fn is_c(abi: Option<&syn::Abi>) -> bool {
    abi.and_then(|abi| abi.name.as_ref()).is_some_and(|name| name.value() == "C")
}
