//! RFC 8259, as plainly as it can be: one character after the other. No key twice in an object, no NUL in a string.

/// A JSON value.
#[derive(Debug, Clone)]
pub enum Json {
    /// `null`, `true`, `false`
    Word(String),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, by its keys.
    Object(Vec<(String, Json)>),
}

/// Numbers are the same if nobody can tell them apart who does not print them to the last digit.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(a), Self::Word(b)) | (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => (a - b).abs() <= a.abs().max(b.abs()) * 1e-12,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a.len() == b.len() && a.iter().all(|pair| b.contains(pair)),
            _ => false,
        }
    }
}

impl Json {
    /// Reads a text, `None`: it is none, or more than so many objects and arrays are within each other.
    pub fn read(text: &str, deepest: usize) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut reader = Reader { chars, at: 0 };
        let value = reader.value(deepest)?;
        reader.blanks();
        (reader.at == reader.chars.len()).then_some(value)
    }

    /// The member of an object.
    pub fn member(&self, name: &str) -> Option<&Json> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A string.
    pub fn text(&self) -> Option<String> {
        if let Self::Text(text) = self { Some(text.clone()) } else { None }
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn blanks(&mut self) {
        while matches!(self.chars.get(self.at), Some(' ' | '\t' | '\r' | '\n')) {
            self.at += 1;
        }
    }

    fn next(&mut self) -> Option<char> {
        self.at += 1;
        self.chars.get(self.at - 1).copied()
    }

    /// Whether this character is there; then it is read.
    fn takes(&mut self, wanted: char) -> bool {
        self.blanks();
        let there = self.chars.get(self.at) == Some(&wanted);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.blanks();
        match self.chars.get(self.at)? {
            '"' => self.string().map(Json::Text),
            '[' => {
                self.at += 1;
                let mut list = Vec::new();
                let depth = depth.checked_sub(1)?;
                if self.takes(']') {
                    return Some(Json::List(list));
                }
                loop {
                    list.push(self.value(depth)?);
                    if self.takes(']') {
                        return Some(Json::List(list));
                    }
                    self.takes(',').then_some(())?;
                }
            }
            '{' => {
                self.at += 1;
                let mut members: Vec<(String, Json)> = Vec::new();
                let depth = depth.checked_sub(1)?;
                if self.takes('}') {
                    return Some(Json::Object(members));
                }
                loop {
                    self.blanks();
                    let key = self.string()?;
                    if members.iter().any(|(known, _)| *known == key) || !self.takes(':') {
                        return None;
                    }
                    members.push((key, self.value(depth)?));
                    if self.takes('}') {
                        return Some(Json::Object(members));
                    }
                    self.takes(',').then_some(())?;
                }
            }
            '-' | '0'..='9' => self.number(),
            _ => {
                let rest: String = self.chars[self.at..].iter().take(5).collect();
                let word = ["null", "true", "false"].into_iter().find(|word| rest.starts_with(word))?;
                self.at += word.len();
                Some(Json::Word(word.to_owned()))
            }
        }
    }

    fn digits(&mut self) -> usize {
        let begin = self.at;
        while self.chars.get(self.at).is_some_and(char::is_ascii_digit) {
            self.at += 1;
        }
        self.at - begin
    }

    fn number(&mut self) -> Option<Json> {
        let begin = self.at;
        self.at += usize::from(self.chars[begin] == '-');
        let zero = self.chars.get(self.at) == Some(&'0');
        let digits = self.digits();
        if digits == 0 || zero && digits > 1 {
            return None;
        }
        if self.chars.get(self.at) == Some(&'.') {
            self.at += 1;
            (self.digits() > 0).then_some(())?;
        }
        if matches!(self.chars.get(self.at), Some('e' | 'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.chars.get(self.at), Some('+' | '-')));
            (self.digits() > 0).then_some(())?;
        }
        let number: f64 = self.chars[begin..self.at].iter().collect::<String>().parse().ok()?;
        number.is_finite().then_some(Json::Number(number))
    }

    fn string(&mut self) -> Option<String> {
        if self.next()? != '"' {
            return None;
        }
        // As UTF-16, since that is what escapes are.
        let mut units = Vec::new();
        loop {
            match self.next()? {
                '"' => break,
                '\\' => units.push(match self.next()? {
                    c @ ('"' | '\\' | '/') => c as u16,
                    'b' => 8,
                    'f' => 12,
                    'n' => 10,
                    'r' => 13,
                    't' => 9,
                    'u' => {
                        let hex: String = (0..4).map_while(|_| self.next()).collect();
                        let plain = hex.len() == 4 && hex.chars().all(|c| c.is_ascii_hexdigit());
                        plain.then(|| u16::from_str_radix(&hex, 16).ok())??
                    }
                    _ => return None,
                }),
                c if (c as u32) < 0x20 => return None,
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
        String::from_utf16(&units).ok().filter(|text| !text.contains('\0'))
    }
}
