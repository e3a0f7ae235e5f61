// Command schema writes the table of fields, src/model/api/schema.txt, anew from the Go types of a release of Kubernetes, and lists what the
// sources say of a field's rules.
//
//	schema [flags] table    the table for the release, whole: the structs that it has, and those that their fields lead to
//	schema [flags] differs  the lines that differ from the table, old and new; exit code 1 if there are any
//	schema [flags] rules    the rules that the sources declare of the table's fields, and whether our tables of rules have them
//
// Promises: it builds none of what it reads and runs none of it. Modules come from the Go module proxy by the go command.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	release := flag.String("release", "1.37.1", "the release of Kubernetes")
	file := flag.String("table", "../../../../src/model/api/schema.txt", "the table")
	rules := flag.String("rules", "../../../../src/model/kinds", "the folder of the tables of kinds")
	flag.Parse()
	found, err := readSources(*release)
	fail(err)
	lines, err := readTable(*file)
	fail(err)
	minor, err := strconv.Atoi(strings.Split(*release, ".")[1])
	fail(err)
	made := &table{sources: found, lines: lines, keys: map[typeID]string{}, minor: minor}
	made.match()
	made.reach()
	code := 0
	switch flag.Arg(0) {
	case "table":
		for _, one := range made.lines {
			fmt.Println(made.text(one))
		}
	case "differs":
		code = made.differs()
	case "rules":
		code = made.rules(*rules)
	default:
		flag.Usage()
		code = 2
	}
	for _, trouble := range made.trouble {
		fmt.Fprintln(os.Stderr, "schema:", trouble)
	}
	os.Exit(code)
}

// text is the line of a struct; that of a struct that the sources do not have stays as it is.
func (t *table) text(one *line) string {
	if one.of == nil {
		return one.text
	}
	return t.print(one)
}

func (t *table) differs() int {
	code := 0
	for _, one := range t.lines {
		old, now := one.text, t.text(one)
		if old == now {
			continue
		}
		code = 1
		before, after := strings.Split(old, "|"), strings.Split(now, "|")
		fmt.Println(one.key)
		for _, part := range without(before, after) {
			fmt.Println("  -", part)
		}
		for _, part := range without(after, before) {
			fmt.Println("  +", part)
		}
	}
	return code
}

// without gives the parts that another list does not have.
func without(parts, others []string) []string {
	has := map[string]bool{}
	for _, other := range others {
		has[other] = true
	}
	var out []string
	for _, part := range parts {
		if !has[part] {
			out = append(out, part)
		}
	}
	return out
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(2)
	}
}
