package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// partsOf is what a piece of syntax says, if it says something.
func (x *index) partsOf(f *function, n ast.Node) []parts {
	switch n := n.(type) {
	case *ast.CallExpr:
		return x.partsOfCall(f, n)
	case *ast.CompositeLit:
		return partsOfLiteral(f, n)
	case *ast.AssignStmt:
		return partsOfAssign(f, n)
	}
	return nil
}

// role is what an argument is for, by the name of its parameter.
type role int

const (
	roleNone role = iota
	roleKind
	roleReason
	roleText
)

func roleOf(param string) role {
	switch strings.ToLower(param) {
	case "eventtype", "evttype":
		return roleKind
	case "reason", "eventreason":
		return roleReason
	case "message", "messagefmt", "msg", "note", "fmt", "messageformat", "eventmessage":
		return roleText
	}
	return roleNone
}

// argument is one of a call, with the name of its parameter where the function is known.
func signature(u *unit, call *ast.CallExpr) *types.Signature {
	t := u.info.TypeOf(call.Fun)
	if t == nil {
		return nil
	}
	of, _ := t.Underlying().(*types.Signature)
	return of
}

// partsOfCall reads a call: by the names of the parameters; else by an argument that is a type of Events; else by the function's name.
func (x *index) partsOfCall(f *function, call *ast.CallExpr) []parts {
	u := f.in
	if isLog(u, call) {
		return nil
	}
	p := parts{at: call, how: event, object: "-"}
	if of := signature(u, call); of != nil {
		for i := 0; i < of.Params().Len() && i < len(call.Args); i++ {
			switch roleOf(of.Params().At(i).Name()) {
			case roleKind:
				p.kind = call.Args[i]
			case roleReason:
				p.reason = call.Args[i]
			case roleText:
				p.text, p.fill = call.Args[i], call.Args[i+1:]
			}
		}
		if p.reason != nil && p.text != nil && mayBeText(u, p.text) {
			if p.kind == nil {
				p.kind = typed(u, call)
			}
			if p.kind == nil {
				p.how = field
			}
			p.object = objectOf(u, call)
			return []parts{p}
		}
		if p.kind != nil && p.reason == nil && x.functions[u.callee(call)] != nil {
			return nil // told by what it calls
		}
	}
	if kind := typed(u, call); kind != nil {
		if x.functions[u.callee(call)] != nil && x.followed(u.callee(call)) {
			return nil
		}
		return eventByType(u, call, kind)
	}
	return x.partsByName(f, call)
}

// followed is whether a function that was read says something with its parameters.
func (x *index) followed(object types.Object) bool {
	f := x.functions[object]
	says := false
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !says {
			name := calleeName(call)
			if name == "Event" || name == "Eventf" || name == "AnnotatedEventf" {
				for _, p := range x.partsOfCall(f, call) {
					says = says || x.usesParams(p, f)
				}
			}
		}
		return !says
	})
	return says
}

// typed is the argument that is Normal or Warning.
func typed(u *unit, call *ast.CallExpr) ast.Expr {
	for _, arg := range call.Args {
		if known := u.info.Types[arg].Value; known != nil && known.Kind() == constant.String {
			if word := constant.StringVal(known); word == "Normal" || word == "Warning" {
				return arg
			}
		}
		if sel, ok := arg.(*ast.SelectorExpr); ok && strings.HasPrefix(sel.Sel.Name, "EventType") {
			return arg
		}
	}
	return nil
}

// eventByType reads an Event of a function that is not known: reason and text follow the type.
func eventByType(u *unit, call *ast.CallExpr, kind ast.Expr) []parts {
	p := parts{at: call, how: event, kind: kind, object: objectOf(u, call)}
	at := 0
	for call.Args[at] != kind {
		at++
	}
	if at+1 < len(call.Args) {
		p.reason = call.Args[at+1]
	}
	text := at + 2
	if calleeName(call) == "Eventf" && at == 2 {
		text = at + 3 // events.k8s.io: regarding, related, type, reason, action, note
	}
	for i := text; i < len(call.Args); i++ {
		if isText(u, call.Args[i]) || u.info.TypeOf(call.Args[i]) == nil {
			p.text, p.fill = call.Args[i], call.Args[i+1:]
			break
		}
	}
	if p.text == nil && text < len(call.Args) {
		p.text, p.fill = call.Args[text], call.Args[text+1:]
	}
	return []parts{p}
}

// objectOf is the type of the first argument that is an object of the API.
func objectOf(u *unit, call *ast.CallExpr) string {
	for _, arg := range call.Args {
		name := typeName(u, arg)
		switch name {
		case "-", "string", "Context", "Logger", "ObjectReference", "untyped string", "error":
			continue
		}
		if strings.ToUpper(name[:1]) == name[:1] {
			return name
		}
	}
	return "-"
}

// errorMakers are functions that make an error of a text. Where their module was not fetched, only the name is known.
var errorMakers = regexp.MustCompile(`^(New|Errorf|Error|Wrapf?|Forbidden|Invalid|LoggedError|Generate(Error|Msg)(Detailed)?|` +
	`New[A-Z][A-Za-z]*(Error|Failure)|New(BadRequest|Forbidden|NotFound|Conflict|TooManyRequests|Unauthorized|Invalid|InternalError)|` +
	`SplitReasonf?|AsStatus|Required|NotSupported|Duplicate|TooLong|InternalError)$`)

// partsByName reads the scheduler's statuses and what makes errors.
func (x *index) partsByName(f *function, call *ast.CallExpr) (all []parts) {
	name := calleeName(call)
	switch name {
	case "NewStatus":
		for _, arg := range call.Args[min(1, len(call.Args)):] {
			all = append(all, parts{at: call, how: status, text: arg, object: "Pod"})
		}
		return all
	case "AppendReason":
		if len(call.Args) == 1 {
			return []parts{{at: call, how: status, text: call.Args[0], object: "Pod"}}
		}
	}
	if f.in.from.read == readErrors && strings.HasPrefix(name, "GenerateMsg") && x.functions[f.in.callee(call)] != nil {
		return []parts{{at: call, how: failed, text: call, object: "-"}} // of volumes: what, for which volume, details
	}
	if f.in.from.read != readErrors || !errorMakers.MatchString(name) {
		return nil
	}
	at := -1
	for i, arg := range call.Args {
		if weight := wordy(f.in, arg); weight > 0 && (at < 0 || weight > wordy(f.in, call.Args[at])) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	p := parts{at: call, how: failed, text: call.Args[at], fill: call.Args[at+1:], object: "-"}
	if code := shown(x.world.fset, call.Args[0]); at > 0 && strings.HasPrefix(code, "codes.") {
		p.object = code
	}
	return []parts{p}
}

// wordy is how much an argument looks like the words of an error: 2 for a sentence, 1 for what may be one, 0 for what is none.
func wordy(u *unit, arg ast.Expr) int {
	if known := u.info.Types[arg].Value; known != nil {
		if known.Kind() != constant.String || len(constant.StringVal(known)) <= 5 {
			return 0
		}
		if strings.Contains(constant.StringVal(known), " ") {
			return 2
		}
		return 1
	}
	switch arg := ast.Unparen(arg).(type) {
	case *ast.BinaryExpr:
		if arg.Op == token.ADD && mayBeText(u, arg) {
			return 2
		}
	case *ast.CallExpr:
		if name := calleeName(arg); name == "Sprintf" || name == "Sprint" {
			return 2
		}
	case *ast.Ident:
		if _, isVar := u.info.ObjectOf(arg).(*types.Var); isVar && mayBeText(u, arg) {
			return 1
		}
	}
	return 0
}

// isLog is whether a call only writes to a log.
func isLog(u *unit, call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	for on := sel.X; ; {
		switch e := on.(type) {
		case *ast.CallExpr:
			on = e.Fun
		case *ast.SelectorExpr:
			if e.Sel.Name != "WithLogger" && logs(e.Sel.Name) {
				return true
			}
			on = e.X
		case *ast.Ident:
			return logs(e.Name)
		default:
			return false
		}
	}
}

func logs(name string) bool {
	switch name = strings.ToLower(name); name {
	case "klog", "log", "logrus", "utilruntime":
		return true
	}
	return strings.HasSuffix(name, "logger")
}

// partsOfLiteral reads the fields of a condition, a state, a status or an Event.
func partsOfLiteral(f *function, lit *ast.CompositeLit) []parts {
	if lit.Type == nil && f.in.info.TypeOf(lit) == nil {
		return nil
	}
	p := parts{at: lit, how: field, object: typeName(f.in, lit)}
	if p.object == "-" && lit.Type != nil {
		name := shownType(lit.Type)
		p.object = name
	}
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		switch key.Name {
		case "Reason", "ForbiddenReason", "reason":
			p.reason = kv.Value
		case "Message", "ForbiddenDetail", "Note", "message":
			p.text = kv.Value
		case "Type":
			p.kind = kv.Value
		}
	}
	if p.reason == nil && p.text == nil {
		return nil
	}
	if p.object == "Event" {
		p.how = event
	}
	return []parts{p}
}

// shownType is the last word of a type as it is written.
func shownType(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return "-"
}

// partsOfAssign reads what Reason and Message of something become.
func partsOfAssign(f *function, n *ast.AssignStmt) (all []parts) {
	if len(n.Lhs) != len(n.Rhs) {
		return nil
	}
	for i, left := range n.Lhs {
		sel, ok := left.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		p := parts{at: n, how: field, object: typeName(f.in, sel.X)}
		switch sel.Sel.Name {
		case "Reason":
			p.reason = n.Rhs[i]
		case "Message":
			p.text = n.Rhs[i]
		default:
			continue
		}
		all = append(all, p)
	}
	return all
}
