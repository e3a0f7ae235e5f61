package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// rule is a kind of place whose words no owner of a StatefulSet meets, and why.
type rule struct {
	line       int
	class, why string
	behind     []string // of class carried: reasons of Events whose rows tell it
	cells      map[string]*regexp.Regexp
	taken      int // sayings that it decided
}

// classes are the kinds of why. A saying of another class is no decision.
var classes = map[string]string{
	"other":     "about objects that no StatefulSet has",
	"operator":  "about the program or the node itself: its start, its flags, its files; who runs the cluster reads it",
	"log":       "goes to the log of the program alone",
	"bug":       "says that the program is wrong: a type, a cache, a conversion",
	"request":   "answers a request that is no part of a set's life: a review, a certificate, a lease",
	"carried":   "stands only behind the words of another message, and that row tells all that can be told of it",
	"name":      "is no text that is printed: a label of a metric, a key, a name within the program",
	"beside":    "stands beside a message that a row tells",
	"elsewhere": "of a system or a feature that the clusters of today do not have on",
}

// goesOn begins a line that belongs to the one before.
const goesOn = "    "

// readRules reads unmet.txt: headers `@ CLASS | WHY`, and below them places: `component X | form Y`, each a regular expression of the
// whole cell. The cells are component, file, function, how, kind, object, reason and form. `@ carried REASON+REASON | WHY` names the
// Events behind whose words something stands.
func readRules(name string) ([]*rule, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all []*rule
	class, why := "", ""
	var behind []string
	lines := strings.Split(string(source), "\n")
	for i, line := range lines {
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, goesOn) {
			continue
		}
		for _, next := range lines[i+1:] {
			more, is := strings.CutPrefix(next, goesOn)
			if !is {
				break
			}
			line += more
		}
		if rest, is := strings.CutPrefix(line, "@ "); is {
			class, why, _ = strings.Cut(rest, " | ")
			behind = nil
			if reasons, is := strings.CutPrefix(class, "carried "); is {
				class, behind = "carried", strings.Split(reasons, "+")
			}
			if class == "carried" && behind == nil {
				return nil, fmt.Errorf("%s:%d: behind which Events?", name, i+1)
			}
			if classes[class] == "" || why == "" {
				return nil, fmt.Errorf("%s:%d: no such class, or no why: %q", name, i+1, class)
			}
			continue
		}
		r := &rule{line: i + 1, class: class, why: why, behind: behind, cells: map[string]*regexp.Regexp{}}
		for _, cell := range strings.Split(line, " | ") {
			key, value, _ := strings.Cut(cell, " ")
			if _, known := (saying{}).cell(key); !known || value == "" {
				return nil, fmt.Errorf("%s:%d: no such cell: %q", name, i+1, cell)
			}
			of, err := regexp.Compile(`(?s)^(?:` + value + `)$`)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %v", name, i+1, err)
			}
			r.cells[key] = of
		}
		all = append(all, r)
	}
	return all, nil
}

// cell is what rules ask of a saying.
func (s saying) cell(key string) (string, bool) {
	switch key {
	case "component":
		return s.component, true
	case "file":
		return s.file, true
	case "function":
		return s.function, true
	case "how":
		return string(s.how), true
	case "kind":
		return s.kind, true
	case "object":
		return s.object, true
	case "reason":
		return s.reason, true
	case "form":
		return s.form, true
	}
	return "", false
}

// takes is whether a rule is about a saying.
func (r *rule) takes(s saying) bool {
	for key, of := range r.cells {
		if cell, _ := s.cell(key); !of.MatchString(cell) {
			return false
		}
	}
	return true
}

// decision is the row or the rule that a saying has.
type decision struct {
	saying saying
	row    *row
	rule   *rule
}

// decide finds for each saying a rule of class other, else the first row, else the first rule.
func decide(all []saying, rows []row, rules []*rule) []decision {
	decided := make([]decision, len(all))
	for i, s := range all {
		d := decision{saying: s, rule: first(rules, s, true)}
		for j := range rows {
			if d.rule == nil && rows[j].covers(s) {
				d.row = &rows[j]
				break
			}
		}
		if d.rule == nil && d.row == nil {
			d.rule = first(rules, s, false)
		}
		if d.rule != nil {
			d.rule.taken++
		}
		decided[i] = d
	}
	return decided
}

// first is the first rule that takes a saying: about others' objects only, or any.
func first(rules []*rule, s saying, others bool) *rule {
	for _, r := range rules {
		if (r.class == "other" || !others) && r.takes(s) {
			return r
		}
	}
	return nil
}

// unbacked are the reasons that a rule names, and that no row has.
func (r *rule) unbacked(rows []row) (missing []string) {
	for _, reason := range r.behind {
		has := false
		for _, row := range rows {
			has = has || row.hasReason(reason)
		}
		if !has {
			missing = append(missing, reason)
		}
	}
	return missing
}

func (d decision) isOpen() bool { return d.row == nil && d.rule == nil }

// by is who decided, in one word for the list.
func (d decision) by() string {
	switch {
	case d.row != nil:
		return fmt.Sprintf("row:%d", d.row.line)
	case d.rule != nil:
		return fmt.Sprintf("%s:%d", d.rule.class, d.rule.line)
	}
	return "open"
}
