//! Timestamps as the API server parses them: RFC 3339.
//!
//! Models Go's time.Parse with the layouts of metav1.Time and metav1.MicroTime, and its errors.

/// The layout of metav1.Time, as errors quote it.
const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";
/// The layout of metav1.MicroTime.
const MICRO_LAYOUT: &str = "2006-01-02T15:04:05.000000Z07:00";

/// Checks a timestamp; the error is in Go's words.
pub fn check(text: &str, micro: bool) -> Result<(), String> {
    let layout = if micro { MICRO_LAYOUT } else { LAYOUT };
    let mut reader = Reader { text, rest: text, layout };
    let year = reader.digits(4, "2006")?;
    reader.literal('-')?;
    let month = reader.digits(2, "01")?;
    if month == 0 || month > 12 {
        return Err(reader.out_of_range("month"));
    }
    reader.literal('-')?;
    let day = reader.digits(2, "02")?;
    reader.literal('T')?;
    for (name, layout, most) in [("hour", "15", 23), ("minute", "04", 59), ("second", "05", 59)] {
        if name != "hour" {
            reader.literal(':')?;
        }
        if reader.digits(2, layout)? > most {
            return Err(reader.out_of_range(name));
        }
    }
    reader.fraction(micro)?;
    reader.zone()?;
    if !reader.rest.is_empty() {
        return Err(format!("parsing time {}: extra text: {}", quoted(text), quoted(reader.rest)));
    }
    if day == 0 || day > days_in(month, year) {
        return Err(reader.out_of_range("day"));
    }
    Ok(())
}

fn days_in(month: u32, year: u32) -> u32 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn quoted(text: &str) -> String {
    base::quoted::go_quoted(text)
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    layout: &'a str,
}

impl Reader<'_> {
    fn cannot<T>(&self, at: &str, element: &str) -> Result<T, String> {
        let (text, layout) = (quoted(self.text), quoted(self.layout));
        Err(format!("parsing time {text} as {layout}: cannot parse {} as {}", quoted(at), quoted(element)))
    }

    fn out_of_range(&self, what: &str) -> String {
        format!("parsing time {}: {what} out of range", quoted(self.text))
    }

    fn digits(&mut self, count: usize, element: &str) -> Result<u32, String> {
        match self.rest.get(..count).filter(|d| d.bytes().all(|b| b.is_ascii_digit())).and_then(|d| d.parse().ok()) {
            Some(number) => {
                self.rest = &self.rest[count..];
                Ok(number)
            }
            None => self.cannot(self.rest, element),
        }
    }

    fn literal(&mut self, c: char) -> Result<(), String> {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => self.cannot(self.rest, &c.to_string()),
        }
    }

    /// Go accepts a fraction of a second whatever the layout says; the micro layout requires six digits.
    fn fraction(&mut self, required: bool) -> Result<(), String> {
        const MICRO_DIGITS: usize = 6;
        let digits = self.rest.strip_prefix(['.', ',']).map_or(0, |r| r.bytes().take_while(u8::is_ascii_digit).count());
        if required && digits != MICRO_DIGITS {
            return self.cannot(self.rest, ".000000");
        }
        if digits > 0 {
            self.rest = &self.rest[digits + 1..];
        }
        Ok(())
    }

    fn zone(&mut self) -> Result<(), String> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(());
        }
        let number = |range| self.rest.get(range).and_then(|t: &str| t.parse::<u32>().ok());
        let well_formed = self.rest.starts_with(['+', '-']) && self.rest.get(3..4) == Some(":");
        match (number(1..3), number(4..6)) {
            (Some(hours), Some(minutes)) if well_formed => {
                const MAX_HOURS: u32 = 24;
                const MAX_MINUTES: u32 = 60;
                if hours > MAX_HOURS {
                    return Err(self.out_of_range("time zone offset hour"));
                }
                if minutes > MAX_MINUTES {
                    return Err(self.out_of_range("time zone offset minute"));
                }
                self.rest = &self.rest[6..];
                Ok(())
            }
            _ => self.cannot(self.rest, "Z07:00"),
        }
    }
}
