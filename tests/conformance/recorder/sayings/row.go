package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// row is one of the catalogue: a form of a message, and where it is said.
type row struct {
	line  int
	where []where
	form  string
	parts []*regexp.Regexp // all must be found; none for a row that takes every message of its place
	plain string           // the form with its slots filled
}

// where is a kind of place, and the reasons that count there; none for any.
type where struct {
	kind    string
	reasons []string
}

var slot = regexp.MustCompile(`\{[^{}]*\}`)

// filler stands for what a slot or a verb would print.
const filler = "xq1"

// readRows reads the catalogue: headers `@ WHO | WHERE | KIND`, and rows `CAUSE | FORM` below them. Lines `= REASON | FORM` are none.
func readRows(name string) ([]row, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all []row
	var head row
	for i, line := range strings.Split(string(source), "\n") {
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "= ") {
			continue
		}
		if rest, is := strings.CutPrefix(line, "@ "); is {
			cells := strings.Split(rest, " | ")
			if len(cells) != 3 {
				return nil, fmt.Errorf("%s:%d: a header has three parts", name, i+1)
			}
			head = row{where: wheres(cells[1])}
			continue
		}
		_, form, found := strings.Cut(line, " | ")
		if !found {
			return nil, fmt.Errorf("%s:%d: a row has a cause and a form", name, i+1)
		}
		r := head
		r.line, r.form, r.plain = i+1, form, slot.ReplaceAllString(form, filler)
		if form != "*" {
			for _, part := range strings.Split(form, " && ") {
				r.parts = append(r.parts, pattern(part))
			}
		}
		all = append(all, r)
	}
	return all, nil
}

func list(cell string) []string {
	var all []string
	for _, item := range strings.Split(cell, ",") {
		all = append(all, strings.TrimSpace(item))
	}
	return all
}

func wheres(cell string) []where {
	var all []where
	for _, item := range list(cell) {
		kind, reasons, has := strings.Cut(item, ":")
		w := where{kind: kind}
		if has {
			w.reasons = strings.Split(reasons, "+")
		}
		all = append(all, w)
	}
	return all
}

// pattern is a form as a regular expression: it begins at a word's beginning, with a large letter or a small one; `{x}` is one word
// and `{x*}` is anything.
func pattern(form string) *regexp.Regexp {
	var out strings.Builder
	out.WriteString(`(?s)`)
	at := 0
	if letter := form[0]; letter|32 >= 'a' && letter|32 <= 'z' {
		out.WriteString(`(?:^|[^A-Za-z0-9])(?i:` + form[:1] + `)`)
		at = 1
	}
	for _, found := range slot.FindAllStringIndex(form, -1) {
		out.WriteString(regexp.QuoteMeta(form[at:found[0]]))
		if strings.HasSuffix(form[found[0]:found[1]], "*}") {
			out.WriteString(`.*?`)
		} else {
			out.WriteString(`\S*?`)
		}
		at = found[1]
	}
	out.WriteString(regexp.QuoteMeta(form[at:]))
	return regexp.MustCompile(out.String())
}

// covers is whether a row tells a saying: by its words, or where it takes all of a reason.
func (r row) covers(s saying) bool {
	if s.form == "-" {
		return r.hasReason(s.reason)
	}
	if (s.how == event || s.how == field) && !r.at(s) {
		return false
	}
	if r.form == s.reason && (s.how == event || s.how == field) {
		return true // the word of a STATUS column, whatever the message
	}
	if len(r.parts) == 0 {
		return (s.how == event || s.how == field) && r.hasReason(s.reason)
	}
	said := s.filled()
	found := true
	for _, part := range r.parts {
		found = found && part.MatchString(said)
	}
	return found || s.stands(r.plain)
}

// at is whether a row is of the place where an Event or a field is: the reasons must not differ.
func (r row) at(s saying) bool {
	for _, w := range r.where {
		anywhere := w.kind == "error" || w.kind == "line" || w.kind == "log" || len(w.reasons) == 0
		if anywhere || s.reason == "-" || strings.ContainsAny(s.reason, "{%") {
			return true
		}
		for _, reason := range w.reasons {
			if reason == s.reason || w.kind == "condition" && (reason == s.kind || s.kind == "-") {
				return true
			}
		}
	}
	return false
}

// hasReason is whether a row names a reason, or is the word of a column. A source may end a reason with a slot: `Failed%s`.
func (r row) hasReason(reason string) bool {
	if r.form == reason || isReason(reason) && slices.Contains(strings.FieldsFunc(r.form, notInWord), reason) {
		return true
	}
	for _, w := range r.where {
		for _, of := range w.reasons {
			if of == reason || strings.HasSuffix(reason, "%s") && strings.HasPrefix(of, strings.TrimSuffix(reason, "%s")) {
				return true
			}
		}
	}
	return false
}

// isReason is whether a word is like NodeReady: several words in one, each with a large letter.
func isReason(word string) bool {
	large := 0
	for _, c := range word {
		if c >= 'A' && c <= 'Z' {
			large++
		}
	}
	return large > 1 && !strings.ContainsFunc(word, notInWord)
}

func notInWord(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }

var brace = regexp.MustCompile(`\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}`)

// filled is the text of a saying with a filler where something would be printed.
func (s saying) filled() string {
	text := verb.ReplaceAllStringFunc(s.form, func(v string) string {
		switch {
		case v == "%%":
			return "%"
		case strings.HasSuffix(v, "q"):
			return `"` + filler + `"`
		}
		return filler
	})
	return brace.ReplaceAllString(text, filler)
}

// stands is whether the words of a saying stand in a text, in their order: a row may know what a slot of the source prints.
func (s saying) stands(in string) bool {
	letters := 0
	for _, part := range strings.Split(s.filled(), filler) {
		part = strings.Trim(part, ` "`)
		at := strings.Index(in, part)
		if at < 0 {
			return false
		}
		in = in[at+len(part):]
		letters += len(part)
	}
	return letters >= 12
}
