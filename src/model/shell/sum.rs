//! `$((…))`: integer arithmetic of shells.
//!
//! Promises: evaluation ends; what is no sum is an error, in the words of bash, never a value.

use super::Shell;
use super::dialect::Dialect;
use super::expand::UNBOUND;

/// Operators between two terms, from the loosest to the tightest binding.
const OPERATORS: [&[&str]; 10] =
    [&["||"], &["&&"], &["|"], &["^"], &["&"], &["==", "!="], &["<=", ">=", "<", ">"], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];
/// The maximum nesting depth of parentheses, signs and variables.
const MAX_DEPTH: u32 = 50;

struct Sum<'a> {
    shell: &'a mut Shell,
    text: &'a [u8],
    at: usize,
    depth: u32,
    /// In how many terms it is whose value does not count.
    idle: u32,
}

impl Shell {
    /// The value of a sum.
    ///
    /// # Errors
    /// Why it has none.
    pub(super) fn sum(&mut self, text: &str) -> Result<i64, String> {
        self.sum_at(text, 0)
    }

    fn sum_at(&mut self, text: &str, depth: u32) -> Result<i64, String> {
        let mut sum = Sum { shell: self, text: text.as_bytes(), at: 0, depth, idle: 0 };
        if sum.next().is_none() {
            return Ok(0);
        }
        let mut value = sum.choice()?;
        while !sum.shell.dialect.is_dash() && sum.takes(",") {
            value = sum.choice()?;
        }
        if sum.next().is_some() { Err(format!("{text}: syntax error in expression")) } else { Ok(value) }
    }
}

impl Sum<'_> {
    fn next(&mut self) -> Option<u8> {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.next();
        let found = self.text[self.at..].starts_with(sign.as_bytes());
        self.at += if found { sign.len() } else { 0 };
        found
    }

    fn wrong<T>(&self) -> Result<T, String> {
        let left = String::from_utf8_lossy(&self.text[self.at.min(self.text.len())..]);
        Err(format!("{}: syntax error: operand expected (error token is \"{left}\")", String::from_utf8_lossy(self.text)))
    }

    /// Evaluates what does not count.
    fn idly(&mut self, idle: bool, read: impl FnOnce(&mut Self) -> Result<i64, String>) -> Result<i64, String> {
        self.idle += u32::from(idle);
        let value = read(self);
        self.idle -= u32::from(idle);
        value
    }

    /// `a ? b : c`
    fn choice(&mut self) -> Result<i64, String> {
        let holds = self.level(0)?;
        if !self.takes("?") {
            return Ok(holds);
        }
        let first = self.idly(holds == 0, Self::choice)?;
        if !self.takes(":") {
            return self.wrong();
        }
        let second = self.idly(holds != 0, Self::choice)?;
        Ok(if holds == 0 { second } else { first })
    }

    /// The operator of a level that is next.
    fn operator(&mut self, level: usize) -> Option<&'static str> {
        self.next();
        let rest = &self.text[self.at..];
        let operator = OPERATORS[level].iter().find(|o| rest.starts_with(o.as_bytes()))?;
        let after = rest.get(operator.len()).copied();
        // Longer ones are of another level.
        let is_longer = operator.len() == 1 && (after == Some(rest[0]) && "|&<>*".contains(*operator))
            || after == Some(b'=') && level != 5 && *operator != "<=" && *operator != ">=";
        (!is_longer).then_some(operator)
    }

    fn level(&mut self, level: usize) -> Result<i64, String> {
        if level == OPERATORS.len() {
            return self.power();
        }
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(level) {
            self.at += operator.len();
            let is_decided = operator == "||" && left != 0 || operator == "&&" && left == 0;
            let right = self.idly(is_decided, |sum| sum.level(level + 1))?;
            left = self.of_two(operator, left, right)?;
        }
        Ok(left)
    }

    fn of_two(&self, operator: &str, a: i64, b: i64) -> Result<i64, String> {
        Ok(match operator {
            "/" | "%" if b == 0 && self.idle == 0 => return Err(format!("{}: division by 0", String::from_utf8_lossy(self.text).trim())),
            "/" => a.checked_div(b).unwrap_or(a),
            "%" => a.checked_rem(b).unwrap_or(0),
            "+" => a.wrapping_add(b),
            "-" => a.wrapping_sub(b),
            "*" => a.wrapping_mul(b),
            "|" => a | b,
            "^" => a ^ b,
            "&" => a & b,
            "<<" => a << (b & 63),
            ">>" => a >> (b & 63),
            "||" => i64::from(a != 0 || b != 0),
            "&&" => i64::from(a != 0 && b != 0),
            "==" => i64::from(a == b),
            "!=" => i64::from(a != b),
            "<=" => i64::from(a <= b),
            ">=" => i64::from(a >= b),
            "<" => i64::from(a < b),
            _ => i64::from(a > b),
        })
    }

    fn power(&mut self) -> Result<i64, String> {
        let base = self.unit()?;
        if self.shell.dialect.is_dash() || !self.takes("**") {
            return Ok(base);
        }
        let exponent = self.power()?;
        u32::try_from(exponent).map(|e| base.wrapping_pow(e)).map_err(|_| "exponent less than 0".to_owned())
    }

    fn unit(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("expression recursion level exceeded".to_owned());
        }
        let steps = !self.shell.dialect.is_dash();
        let value = if steps && (self.takes("++") || self.takes("--")) {
            let by = if self.text[self.at - 1] == b'+' { 1 } else { -1 };
            self.next();
            let name = self.word();
            let value = self.variable(&name)?.wrapping_add(by);
            self.assign(&name, value);
            value
        } else if self.takes("-") {
            self.unit()?.wrapping_neg()
        } else if self.takes("+") {
            self.unit()?
        } else if self.takes("!") {
            i64::from(self.unit()? == 0)
        } else if self.takes("~") {
            !self.unit()?
        } else if self.takes("(") {
            let value = self.choice()?;
            if !self.takes(")") {
                return self.wrong();
            }
            value
        } else {
            let word = self.word();
            match word.as_bytes().first() {
                None => return self.wrong(),
                Some(b'0'..=b'9') => self.number(&word)?,
                Some(_) => self.name(&word, steps)?,
            }
        };
        self.depth -= 1;
        Ok(value)
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self.text.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'#')) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.text[start..self.at]).into_owned()
    }

    /// A number: decimal, octal after `0`, hexadecimal after `0x`, of any base after `base#`.
    fn number(&self, word: &str) -> Result<i64, String> {
        let (base, digits) = match word.split_once('#') {
            Some((base, digits)) if !self.shell.dialect.is_dash() => (base.parse().unwrap_or(0), digits),
            _ => match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
                Some(digits) => (16, digits),
                None if word.len() > 1 && word.starts_with('0') => (8, word),
                None => (10, word),
            },
        };
        let known = (2..=36).contains(&base);
        known.then(|| i64::from_str_radix(digits, base).ok()).flatten().ok_or_else(|| format!("{word}: value too great for base"))
    }

    /// A variable, which may be changed.
    fn name(&mut self, name: &str, steps: bool) -> Result<i64, String> {
        self.next();
        let rest = &self.text[self.at..];
        let sign = ["<<", ">>", "+", "-", "*", "/", "%", "&", "|", "^", ""]
            .into_iter()
            .find(|sign| rest.strip_prefix(sign.as_bytes()).is_some_and(|rest| rest.starts_with(b"=") && !rest.starts_with(b"==")));
        if let Some(sign) = sign {
            self.at += sign.len() + 1;
            let right = self.choice()?;
            let left = self.variable(name)?;
            let value = if sign.is_empty() { right } else { self.of_two(sign, left, right)? };
            self.assign(name, value);
            return Ok(value);
        }
        let value = self.variable(name)?;
        if steps && (self.takes("++") || self.takes("--")) {
            let by = if self.text[self.at - 1] == b'+' { 1 } else { -1 };
            self.assign(name, value.wrapping_add(by));
        }
        Ok(value)
    }

    fn variable(&mut self, name: &str) -> Result<i64, String> {
        let text = self.shell.variable(name).trim().to_owned();
        let depth = self.depth;
        if self.shell.dialect == Dialect::Bash && self.idle == 0 && self.shell.lacks_demanded(name) {
            return Err(format!("{name}: {UNBOUND}"));
        }
        if text.is_empty() { Ok(0) } else { self.shell.sum_at(&text, depth) }
    }

    fn assign(&mut self, name: &str, value: i64) {
        if self.idle == 0 {
            self.shell.variables.insert(name.to_owned(), value.to_string());
        }
    }
}

impl Dialect {
    /// Whether it is dash, which has only what POSIX asks for.
    pub(super) fn is_dash(self) -> bool {
        self == Dialect::Dash
    }
}
