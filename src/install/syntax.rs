//! The part of HCL, and its JSON form, that CLI configurations are written in: blocks, attributes,
//! strings and lists. Values of other types are kept as text.

use std::iter::Peekable;

/// The deepest nesting that is read. A CLI configuration has three levels.
const DEEPEST: usize = 16;

/// The content of a block, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Block(Vec<(String, Value)>);

#[derive(Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    List(Vec<Value>),
    Block(Block),
}

impl Block {
    /// The blocks with this name.
    pub(super) fn blocks(&self, name: &str) -> impl Iterator<Item = &Block> {
        self.values(name).flat_map(Value::all).filter_map(|value| match value {
            Value::Block(block) => Some(block),
            Value::Text(_) | Value::List(_) => None,
        })
    }

    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.list(name).next()
    }

    /// The texts in an attribute that is a list.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values(name).flat_map(Value::all).filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            Value::Block(_) | Value::List(_) => None,
        })
    }

    /// The names of everything in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value)
    }
}

impl Value {
    /// The elements of a list, or the value itself.
    fn all(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            Self::Text(_) | Self::Block(_) => std::slice::from_ref(self),
        }
    }
}

/// Parses a file.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &str) -> Result<Block, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: tokens.into_iter().peekable() };
    // A file in JSON is one block.
    if parser.tokens.next_if_eq(&Token::Sign('{')).is_some() {
        return parser.block(1, Some('}'));
    }
    parser.block(0, None)
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// A name, a string or any other value.
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '#' => skip_line(&mut letters),
            '/' if letters.next_if_eq(&'/').is_some() => skip_line(&mut letters),
            '/' if letters.next_if_eq(&'*').is_some() => {
                let mut before = ' ';
                for letter in letters.by_ref() {
                    if (before, letter) == ('*', '/') {
                        break;
                    }
                    before = letter;
                }
            }
            '"' => tokens.push(Token::Text(string(&mut letters)?)),
            '{' | '}' | '[' | ']' => tokens.push(Token::Sign(letter)),
            '=' | ':' => tokens.push(Token::Sign('=')),
            ',' => {}
            _ if letter.is_whitespace() => {}
            _ => {
                let mut word = letter.to_string();
                let ends = |letter: &char| letter.is_whitespace() || "{}[]=:,#\"".contains(*letter);
                while let Some(letter) = letters.next_if(|letter| !ends(letter)) {
                    word.push(letter);
                }
                tokens.push(Token::Text(word));
            }
        }
    }
    Ok(tokens)
}

fn skip_line(letters: &mut impl Iterator<Item = char>) {
    letters.find(|letter| *letter == '\n');
}

/// The rest of a string whose opening quote was read.
fn string(letters: &mut impl Iterator<Item = char>) -> Result<String, String> {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Ok(text),
            '\\' => text.push(match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
                None => break,
            }),
            _ => text.push(letter),
        }
    }
    Err("a string does not end".to_owned())
}

struct Parser<I: Iterator<Item = Token>> {
    tokens: Peekable<I>,
}

impl<I: Iterator<Item = Token>> Parser<I> {
    /// The content of a block, to its closing sign.
    fn block(&mut self, depth: usize, end: Option<char>) -> Result<Block, String> {
        if depth > DEEPEST {
            return Err("its blocks are nested too deeply".to_owned());
        }
        let mut block = Block::default();
        loop {
            let name = match self.tokens.next() {
                Some(Token::Text(name)) => name,
                Some(Token::Sign(sign)) if Some(sign) == end => return Ok(block),
                None if end.is_none() => return Ok(block),
                Some(Token::Sign(sign)) => return Err(format!("'{sign}' is in the wrong place")),
                None => return Err("a block does not end".to_owned()),
            };
            // The labels of a block.
            while self.tokens.next_if(|token| matches!(token, Token::Text(_))).is_some() {}
            self.tokens.next_if_eq(&Token::Sign('='));
            let value = self.value(depth)?;
            block.0.push((name, value));
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        match self.tokens.next() {
            Some(Token::Text(text)) => Ok(Value::Text(text)),
            Some(Token::Sign('{')) => Ok(Value::Block(self.block(depth + 1, Some('}'))?)),
            Some(Token::Sign('[')) if depth < DEEPEST => {
                let mut values = Vec::new();
                while self.tokens.next_if_eq(&Token::Sign(']')).is_none() {
                    values.push(self.value(depth + 1)?);
                }
                Ok(Value::List(values))
            }
            Some(Token::Sign(sign)) => Err(format!("'{sign}' is in the wrong place")),
            None => Err("a value is missing".to_owned()),
        }
    }
}
