// Command sayings lists what the programs of a cluster can say, read from their sources, and which of that nobody has decided about.
//
//	sayings [flags] list      all that can be said, and what decides it: a row of the catalogue, or a rule of unmet.txt
//	sayings [flags] open      what has neither, with a count for each component; exit code 1 if there is any
//	sayings [flags] since V…  the forms of Kubernetes alone, with the first and the last of these releases that has them
//
// Promises: it builds none of what it reads and runs none of it. Modules come from the Go module proxy by the go command.
package main

import (
	"flag"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	release := flag.String("release", "1.37.2", "the release of Kubernetes")
	snapshots := flag.String("snapshots", "", "folder of the modules that no proxy has, as MODULE@VERSION")
	here := flag.String("data", ".", "folder of sources.tsv and unmet.txt")
	catalogue := flag.String("rows", "../../../../src/page/sayings/rows.txt", "the catalogue")
	flag.Parse()
	lines, err := table(filepath.Join(*here, "sources.tsv"))
	fail(err)
	if flag.Arg(0) == "since" {
		since(lines, flag.Args()[1:])
		return
	}
	rows, err := readRows(*catalogue)
	fail(err)
	rules, err := readRules(filepath.Join(*here, "unmet.txt"))
	fail(err)
	decided := decide(read(lines, *release, *snapshots), rows, rules)
	switch flag.Arg(0) {
	case "list":
		for _, d := range decided {
			fmt.Println(d.by() + "\t" + strings.Join(d.saying.cells(), "\t"))
		}
	case "open":
		if printOpen(decided, rows, rules) > 0 {
			os.Exit(1)
		}
	default:
		flag.Usage()
		os.Exit(2)
	}
}

// read lists all sayings of a release.
func read(lines [][]string, release, snapshots string) []saying {
	sources, err := readSources(lines, release)
	fail(err)
	w := &world{fset: token.NewFileSet(), sources: sources, units: map[string]*unit{}}
	w.locate(snapshots)
	w.load()
	for _, what := range w.missing {
		fmt.Fprintln(os.Stderr, "not read:", what)
	}
	return newIndex(w).list()
}

// printOpen prints what is not decided, and counts.
func printOpen(decided []decision, rows []row, rules []*rule) int {
	open, byRow, byRule := map[string]int{}, 0, map[string]int{}
	for _, d := range decided {
		switch {
		case d.isOpen():
			open[d.saying.component]++
			fmt.Println(strings.Join(d.saying.cells(), "\t"))
		case d.row != nil:
			byRow++
		default:
			byRule[d.rule.class]++
		}
	}
	sum := 0
	for _, component := range keys(open) {
		fmt.Printf("# %5d open in %s\n", open[component], component)
		sum += open[component]
	}
	for _, r := range rules {
		if r.taken == 0 {
			fmt.Printf("# rule of line %d decides nothing in this release\n", r.line)
		}
		for _, reason := range r.unbacked(rows) {
			fmt.Printf("# rule of line %d: no row tells %s\n", r.line, reason)
			sum++
		}
	}
	for _, class := range keys(byRule) {
		fmt.Printf("# %5d that no owner meets: %s\n", byRule[class], classes[class])
	}
	fmt.Printf("# %5d places: %d have a row, %d are open\n", len(decided), byRow, sum)
	return sum
}

func keys(of map[string]int) []string {
	var all []string
	for key := range of {
		all = append(all, key)
	}
	sort.Strings(all)
	return all
}

// since prints for each form of Kubernetes the first and the last of some releases that has it; the releases come oldest first.
func since(lines [][]string, releases []string) {
	type span struct {
		saying      saying
		first, last int
		times       int
	}
	var own [][]string
	for _, cells := range lines {
		if cells[1] == "release" || cells[1] == "staging" {
			own = append(own, cells)
		}
	}
	spans := map[string]*span{}
	for i, release := range releases {
		for _, s := range read(own, release, "") {
			key := s.reason + "\t" + clean.Replace(s.filled())
			if spans[key] == nil {
				spans[key] = &span{first: i}
			}
			if at := spans[key]; at.times == 0 || at.last != i {
				at.times++
				at.saying, at.last = s, i
			}
		}
	}
	var out []string
	for _, at := range spans {
		s := at.saying
		gap := "always"
		if at.times != at.last-at.first+1 {
			gap = "with gaps"
		}
		cells := []string{clean.Replace(s.form), releases[at.first], releases[at.last], gap, s.reason, string(s.how), s.component}
		out = append(out, strings.Join(cells, "\t"))
	}
	sort.Strings(out)
	fmt.Println("form\tfirst\tlast\tseen\treason\thow\tcomponent")
	fmt.Println(strings.Join(out, "\n"))
}

var clean = strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`)

// cells are the columns of the list.
func (s saying) cells() []string {
	all := []string{s.component, s.module, s.place(), s.function, string(s.how), s.kind, s.object, s.reason, s.form}
	for i := range all {
		all[i] = clean.Replace(all[i])
	}
	return all
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "sayings:", err)
		os.Exit(2)
	}
}
