package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What stands before a declared rule: from which release on it is alpha or beta, and which gate it asks for.
var stages = regexp.MustCompile(`^((alpha|beta|ifEnabled|ifDisabled)\([^)]*\)=\+k8s:)*`)

// The checks of our tables that say what a declared rule says. A declared rule that is not here says nothing that a server refuses.
var checks = map[string][]string{
	"required":    {"required"},
	"immutable":   {"immutable"},
	"update":      {"immutable", "own"},
	"format":      {"is", "is!", "call"},
	"minimum":     {"..", "call", "own"},
	"maximum":     {"..", "call", "own"},
	"maxItems":    {"call", "own"},
	"maxBytes":    {"call", "own"},
	"maxLength":   {"call", "own"},
	"enum":        {"among", "among!"},
	"listMapKey":  {"unique", "call", "own"},
	"unique":      {"unique"},
	"unionMember": {"own", "forbidden", "required"},
	"forbidden":   {"forbidden"},
}

// A ruled is the checks of each field of a struct.
type ruled map[string]map[string][]string

// readRules reads the checks of all tables of a folder.
func readRules(folder string) (ruled, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.table"))
	if err != nil {
		return nil, err
	}
	out := ruled{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var heads []string
		for line := range strings.SplitSeq(string(text), "\n") {
			words := strings.Fields(line)
			switch {
			case len(words) == 0 || strings.HasPrefix(line, "#"):
			case words[0] == "get" || words[0] == "describe":
				heads = nil
			case !strings.HasPrefix(line, " ") && len(words[0]) > 1:
				heads = words
			default:
				field, _, _ := strings.Cut(words[0], "?")
				checks := slices.DeleteFunc(words[1:], func(word string) bool { return strings.HasPrefix(word, "=") || word == "late" || word == "later" })
				if len(checks) == 0 {
					continue
				}
				for _, head := range heads {
					if out[head] == nil {
						out[head] = map[string][]string{}
					}
					out[head][field] = append(out[head][field], checks[0])
				}
			}
		}
	}
	return out, nil
}

// has tells whether a check of a field, or of the struct as a whole, is one of those.
func (r ruled) has(key, field string, wanted []string) bool {
	for _, check := range append(r[key][field], r[key]["."]...) {
		for _, one := range wanted {
			if check == one || one == ".." && strings.Contains(check, "..") {
				return true
			}
		}
	}
	return false
}

// rules prints each rule that the sources declare: `has` where a row of our tables says it, `lacks` where none does, `hand` where the
// struct is in no table and its rules are functions. The exit code is 1 if something is lacking.
func (t *table) rules(folder string) int {
	ours, err := readRules(folder)
	fail(err)
	code := 0
	for _, one := range t.lines {
		if one.of == nil {
			continue
		}
		for _, field := range t.flat(one.of) {
			for _, tag := range field.tags {
				rule, is := strings.CutPrefix(tag, "k8s:")
				name, _, _ := strings.Cut(stages.ReplaceAllString(rule, ""), "=")
				wanted := checks[name]
				if !is || wanted == nil {
					continue
				}
				verdict := "lacks"
				switch {
				case ours[one.key] == nil:
					verdict = "hand"
				case ours.has(one.key, field.json, wanted):
					verdict = "has"
				default:
					code = 1
				}
				fmt.Printf("%s\t%s.%s\t%s\n", verdict, one.key, field.json, rule)
			}
		}
	}
	return code
}
