//! The keys of all texts, with the names and types of their placeholders: `text.manifest.line(3)` is the row `manifest.line`, whose
//! `{n}` becomes 3. A key without parentheses has one sentence without placeholders.

use base::fields::Field;

use super::Lang;
use super::ahead::{Again, Ahead, Because};
use super::diagnose::{Assumed, Owner, Risk, Sign, Unfit, Unread};
use super::instead::Instead;
use super::plan::{Says, Way};
use super::why::Who;

/// Defines the method of a section that returns the text of a key.
macro_rules! text {
    ($section:ident $key:ident) => {
        pub fn $key(self) -> &'static str {
            self.0.word(concat!(stringify!($section), ".", stringify!($key)))
        }
    };
    ($section:ident $key:ident ($($arg:ident: $of:ty),*)) => {
        pub fn $key(self, $($arg: $of),*) -> String {
            self.0.say(concat!(stringify!($section), ".", stringify!($key) $(, " ", stringify!($arg))*), &[$(&$arg),*])
        }
    };
}

macro_rules! texts {
    ($(#[$of_all:meta])* $all:ident, $keys:ident:
        $( $(#[$about:meta])* $section:ident: $name:ident { $( $key:ident $(($($arg:ident: $of:ty),*))? ),* $(,)? } )*
    ) => {
        $(#[$of_all])*
        #[derive(Clone, Copy, Debug)]
        pub struct $all {
            $( $(#[$about])* pub $section: $name, )*
        }

        impl $all {
            /// The texts in a language.
            pub(crate) const fn of(lang: Lang) -> $all {
                $all { $( $section: $name(lang), )* }
            }
        }

        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name(pub(crate) Lang);

            impl $name {
                $( text! { $section $key $(($($arg: $of),*))? } )*
            }
        )*

        /// Every key, and the names and types of its placeholders.
        #[cfg(test)]
        pub(crate) const $keys: &[(&str, &[(&str, &str)])] = &[
            $( $( (concat!(stringify!($section), ".", stringify!($key)), &[$( $((stringify!($arg), stringify!($of))),* )?]), )* )*
        ];
    };
}

texts! {
    /// What the page says, in one language.
    Text, KEYS:
    page: Page {
        skip, close, stop,
    }
    bar: Bar {
        tagline, language, theme_auto, theme_light, theme_dark, keys, panes, settings, about, truth, ways, risks,
    }
    /// The first visit.
    hello: Hello {
        title, paste, stop, again, stopped,
    }
    /// The scenes of a first visit.
    scene: Scene {
        customer, rising, puts, setting, kill, on_both, on_the_left, do_kill, killed, power, a_new_one, nobody, cut_power, powerless,
        scale, yes, no, do_scale, scaled, rollout, the_lower, the_upper, rolled_out, unfolding, asked, no_books, again, next, over,
        guessed(right: usize, of: usize), whole, headless, any,
        yours, play_four, share_fates, no_fate, rises(set: &str), name_kill, name_power, name_scale, name_rollout,
        kept(pod: &str, seconds: usize), lost(pod: &str, seconds: usize), empty(pod: &str, seconds: usize), gone(pod: &str, seconds: usize),
    }
    /// The pane with the lessons.
    lessons: Lessons {
        button, title, of(n: usize, all: usize), go_on(title: &str), tried, as_before, decided, another_way, waive, foreseen,
        another_release(release: &str), happened_on(release: &str),
        lasts(title: &str, minutes: usize), short_path(n: usize, minutes: usize),
        question(seconds: usize, minutes: usize), lock, skip, next(title: &str), again, last, predicted, happened,
        disturbed, hidden, hidden_why, about_to_run, right, wrong, other_way, achieved, not_achieved, task, done, hint, show_me, slowly,
        next_up, on_its_way, done_of(done: usize, all: usize), learn(title: &str), show_answers, faulty(faults: &str), identity, storage, scaling, rollouts, nodes,
    }
    manifest: Manifest {
        plan, paste_here, begin_own,
        title, apply, hide, example, example_nginx, example_redis, example_etcd, example_empty,
        applied(stored: usize, objects: usize, at: &str), edited, errors(n: usize), notes(n: usize), problems, not_applied,
        would_not_work, will_not_work, repeated, not_simulated, images(images: &str), programs(programs: &str), kept(fields: &str),
        line(n: usize), leave, fix, fix_all(count: usize), server_words, allowed, in_parts(lines: usize), bring_back, unknown_field(field: &str),
        unknown_field_near(field: &str, near: &str), required(field: &str), fixed(field: &str), another_set(set: &str), copied, taken_over, without_pods,
        unfit(field: &str), not_selected, no_volume(name: &str), unknown_kind, unknown_kind_near(near: &str), custom_kind,
        custom_kind_late, no_namespace(name: &str), create_namespace(name: &str), not_yaml, pasted_tab, pasted_space, pasted_quote,
        pasted_dash, pasted_word(word: &str), pasted_fence, open_quote, early_end(sign: &str), editing(what: &str), save, leave_edit, no_blank(key: &str), indented(by: usize, fits: &[usize]),
        no_object, counted, template(hole: &str, line: usize), printed_session, printed_table, printed_description,
        too_many_mib(most: usize), too_many_levels(most: usize), too_many_values(most: usize), in_quotes, whole_number, a_list, quantity,
        no_service(service: &str), no_class(class: &str), refuses_pods(kind: &str, name: &str), no_reference(kind: &str, name: &str),
        no_claim(claim: &str), no_provisioner(provisioner: &str), service_meant(service: &str), standing_in,
        stands_in(kind: &str, name: &str, keys: &str), no_keys(kind: &str, name: &str),
        no_image(image: &str, fault: &str), no_such_volume(volume: &str), selects_nobody(service: &str, labels: &str), on_trust(images: &str), drift(live: &str, written: &str), drift_gone(written: &str), excluding(pods: i64, places: i64, rest: i64, key: &str, of: &str),
        spread_too_wide(pods: i64, least: i64, places: i64, skew: i64, rest: i64, key: &str),
        lets_none_go(budget: &str, kept: i64, pods: i64),
        twice(key: &str), dropped(field: &str, release: &str),
    }
    cluster: Cluster {
        title, grid, ordinal, node, no_node_yet, example, own, pasted, stop_node, start_node, replicas, scale_in, scale_out, commands, empty, choose_set, stuck,
        choose_side, set, no_ordinals, ready_of(ready: i64, wanted: i64), first_shown(most: usize), not_created, not_recreated,
        running_not_ready, not_ready, out_of_sight(n: usize), became_unready(name: &str), silent_for(age: &str), revision(n: usize), ready_containers(ready: &str, of: &str), published,
        not_published, more(n: usize), delete(name: &str), make_unready(pod: &str), freeze(pod: &str), crash(pod: &str, container: &str), make_ready(pod: &str),
        break_image, image_crash, image_unready, image_slow, image_stubborn, image_frozen, image_leaky, roll_out(image: &str), roll_out_broken, undo,
        hold, partition_spoken(partition: i64, first: &str), runs_revision(pod: &str, revision: &str), mend_image, image, seldom,
    }
    /// Many ordinals.
    dense: Dense {
        arrange, by_ordinal, by_node, cells, cells_by_node, filter, node, all_nodes, go_to, legend, pod, place, state, next,
        more(n: usize),
    }
    /// Nodes, and pods whose node is silent.
    node: Node {
        menu(node: &str), stop, start(node: &str), cut, late, lossy, prompt, lags(millis: usize, loses: usize), is_late, cordon, uncordon, drain, out_of_service, in_service, delete(node: &str),
        off, cut_off, unnoticed(age: &str), taint(key: &str), no_object, network_volumes, says_ready(node: &str), says_closed(node: &str), says_silent(node: &str),
        believed(verdict: &str), says_no_object(node: &str), is_off, is_cut, ends_when, process(pod: &str, uid: &str),
        process_on(pod: &str, uid: &str, node: &str), may_still_run, still_runs, not_in_api, disk_is_on(node: &str),
        volume_is_elsewhere(pod: &str, node: &str), takes_nobody, keeps_apart(pods: &str, pod: &str), refuses(says: &str), told_to_go(pod: &str), not_confirmed, for_so_long(age: &str), ways, ways_note,
        force(pod: &str), force_asks_nobody, start_confirms(pod: &str), start_ends_old(uid: &str), delete_collects(pod: &str),
        delete_changes_nothing(uid: &str), delete_frees, out_of_service_says, then_pending, disk_only_there(claims: &str, node: &str),
        disks_here(claims: &str), risk, risk_words(node: &str), if_off(pod: &str), if_cut(pod: &str), doubt(pod: &str),
        doubt_words(uid: &str, node: &str), cut_words(uid: &str, node: &str), wrote(amount: &str), split(pod: &str),
        two_processes(pod: &str), split_words(uid: &str, node: &str),
    }
    terminal: Terminal {
        title, note, output, prompt, tabs, new_tab, unknown(word: &str), instead(wanted: Instead), usage(),
        refused(refused: &dyn Field, words: &str), done(fault: &dyn Field, changed: bool), classic, classic_hint, copy_text,
        copy_text_hint, copy_scenario, copy_scenario_hint, stop, time_stands_still, waits, typed_ahead, fetching, height, lines(n: usize), copied,
        changed(change: &dyn Field, since: &str, form: bool),
    }
    /// The Why pane.
    why: Why {
        region, title, decided_by, ends_when, docs, all, since(at: &str), nothing, refused, refused_why,
        ready_fact(pod: &str), waits_for(pod: &str, other: &str), seen(field: &str, value: &str), times(n: usize), restarts(n: usize),
        docs_network, comes_from, more,
    }
    /// Details of an object.
    details: Details {
        title, events, newest_first,
    }
    /// The DNS pane.
    dns: Dns {
        note, name, answer, answering(n: usize, all: usize), unnamed, empty, headless, headless_all, cluster_ip, no_service(service: &str), tell(reason: &dyn Field), srv,
        srv_title, ask, led_astray(node: &str), kept(left: usize, stale: bool), cache, cache_title, cached, time_left, keep(profile: &str),
    }
    /// The Storage pane.
    storage: Storage {
        title, class(class: &str), claims(n: usize), disk, written, not_created, no_volume, silent(node: &str), mounted_twice, empty, blank, database, without,
        goes(claim: &str, pod: &str, content: &str), goes_now(claim: &str, content: &str), goes_why(volume: &str), goes_note(content: &str), keeps(volume: &str),
        keeps_note, wrote_names, own_writes, lost(content: &str), lost_of(name: &str, content: &str),
    }
    /// Applications that keep the same data in several places.
    application: Application {
        title, role(role: &dyn Field, quorum: bool), has_lead(pod: &str), lost_lead(set: &str), leads(pod: &str, agree: usize, of: usize),
        no_quorum(reached: usize, needed: usize), no_quorum_words,
        declared_no_quorum(set: &str, reached: usize, needed: usize, voters: usize), declared_no_primary(set: &str),
        quorum_ends(needed: usize), primary_ends(pod: &str), is_primary(pod: &str, copies: usize), singles(n: usize), singles_words,
        no_primary(pod: &str), no_primary_words, two_lead(pod: &str, count: usize), two_lead_words, holds(n: usize), out_of_sight,
        acknowledged(n: usize), refused(n: usize), lost(n: usize), lost_alone(n: usize), write_once, write_minute, write_ten_minutes, stop_writing(left: usize),
        wrote(uid: &str, amount: &str), interleaved, at_most_one, in_doubt(pod: &str), broken(pod: &str),
    }
    /// Time and the timeline.
    time: Time {
        title, transport, clock, play, pause, step, back, begin_again, to_start, begun_again, bring_back, instant, to_now, past,
        forked(at: &str, kept: u32), skip_to, stop_when, stop_not_ready, stop_rollout, stop_event, skip,
        stopped(because: Because, name: &str, at: &str), is_livelocked, branches, branch(number: u32, at: &str, line: &str), quiet, speed,
        events, paused, is_quiet, only_retries(at: &str, what: &str), again(name: &str, again: &Again),
        next(what: &str, wait: &str), seconds(seconds: &str), ahead(ahead: &Ahead), at(what: &str, when: &str),
        as_table, from, until, stretched(times: usize),
    }
    /// Two workloads or two branches side by side.
    compare: Compare {
        button, end, deployment, edit, elsewhere, begun, begun_to_edit, with, with_none, swap, choose_release, title, same_template, without_claims, other_template, ready, updated, of(part: i64, whole: i64), settled, names,
        kept(name: &str), changed(left: &str, replacement: &str), coming_up, away, at_once(count: usize), replaced_by, most, claims,
        claim_count(count: usize, shared: bool), lost, waits(name: &str, since: &str), replaced(after: &str), not_up(replacement: &str),
        dns_name, not_published(name: &str), no_ordinals, address, same_address(ip: &str), other_address(from: &str, to: &str), without,
        missing_since(since: &str), none_replaced, none_lost, volume, volume_of(name: &str, again: bool), new_volume(name: &str),
        empty_dir(again: bool), no_volume, data, data_kept(what: &str), data_lost(what: &str), nothing_written,
        takes_several(since: &str), counts_range(since: &str), replaces_unavailable(since: &str), recreates(since: &str),
        completes(since: &str), removes_first(since: &str), exact_names(since: &str),
        events, branches, branch(id: u32), at(at: &str), offer, as_written(value: &str), dropped(value: &str),
        same_to_both, delete_one_each, crash_one_each, stop_with_both(node: &str), drain_with_both(node: &str),
    }
    /// Sharing, and files of runs.
    link: Link {
        title, button, copied(count: usize), in_address(count: usize), address, snippet, snippet_copied, copy, save, open, file_note, open_here,
        damaged, instead, newer, unread(count: usize), cut, differs, recorder, broken, no_run, no_link, opening, opened, too_large, too_long, long,
        left_out(names: &str, more: &str),
    }
    /// The list of all keys.
    keys: Keys {
        filter, single, play, fine, speed, tiles, next_unready, node, apply, terminal, region, theme, compare, escape, all,
    }
    /// Answers that no single decision gives, and what ends a wait.
    ask: Ask {
        usage(), waits_beside(set: &str, other: &str, more: usize), ask_in_full(full: &str), short_name(name: &str, full: &str), short_name_ends(container: &str, full: &str), on_trust(image: &str), let_pull_fail, pull_fails_then(image: &str, pod: &str), who(who: &Who), who_deleted(name: &str), why_there(name: &str, place: &str), log_of(container: &str),
        does_not_exist(name: &str), nobody_wants, made_by(who: &Who), written_by(who: &Who), is_there(name: &str),
        not_deleted(name: &str), never_there(name: &str), deleted(name: &str, who: &Who), took_place(heir: &str), leaving(name: &str, who: &Who),
        gone(name: &str, at: &str), none_left, asked(who: &Who), removed(who: &Who), removal_waits, answers(name: &str, records: &str),
        no_answer(name: &str, rcode: &str), name_rule, name_ends, from_cache, cached,
        cached_since(at: &str), cache_ends(at: &str), service_ends(name: &str), selects(service: &str, labels: &str),
        publishes_all(service: &str), endpoint(pod: &str, published: bool), node_rule, node_scored(node: &str, words: &str),
        node_refused(node: &str, words: &str), only_one(node: &str), volume_made(volume: &str, by: &str), volume_chosen, volume_reserved,
        amounts(asked: &str, has: &str), node_selected(node: &str), make(name: &str), default_class(class: &str), untaint(node: &str),
        label(node: &str), label_all(what: &str), add_nodes(n: i64), fewer(n: i64), undo_and_delete(pod: &str), use_image(image: &str),
        other_image(image: &str, pod: &str), may_pull(image: &str, pod: &str), may_be_root(container: &str, pod: &str), set_true(gates: &str), ungate(pod: &str),
        other_command(container: &str, pod: &str), less(pod: &str), without_probe(probe: &str, pod: &str),
        with_variable(variable: &str, pod: &str), moved_on, moved_on_brief, moved_on_ends, delete_both(claim: &str, pod: &str),
        lose_both(claim: &str, pod: &str), let_go(name: &str), allow(namespace: &str), kept(volume: &str), kept_why(claim: &str),
        kept_claim(claim: &str), kept_ends, free(volume: &str), waits_in_vain(pod: &str), all_newest(pods: i64), waits_for_last(pod: &str), waits_too(name: &str, more: usize, pod: &str),
        run_provisioner(name: &str), look_again, taken_off(fields: &str), refused_set(set: &str, exists: bool),
        stored(stored: usize, objects: usize), create_missing(n: usize), override_ready(pod: &str), override_note,
        says(container: &str, said: &str), wants_variable(variable: &str), wants_no_variable(variable: &str), wants_filled(variable: &str),
        no_room(pod: &str, quota: &str, resource: &str, limit: &str, used: &str, more: &str),
        too_few_domains(least: i64, domains: i64, key: &str, skew: i64), is_cordoned(node: &str), is_excluded(node: &str, pods: &str, pod: &str),
        by_retention(policy: &str, owner: &str),
        names_of_ready(service: &str), others_wait, publish_all, publish_in_parallel, raise(quota: &str, to: &str), let_grow(class: &str),
        let_one_go(name: &str), note_size, resume, lower,
    }
    /// The dialog into which a stuck cluster is pasted.
    stuck: Stuck {
        held(lines: usize), empty, is_manifest, bring_up,
        title, ask, pasted, private, find, file, examples, best, found, reading, is_printed, try_it, in_link, markdown,
    }
    /// What the tools around a set call done.
    done: Done {
        title, asked, verdict(word: &str), differ(why: &str), without_pods, since_at(at: &str), lane, none,
    }
    /// Pages of Kubernetes' documentation.
    docs: Docs {
        page(page: &str),
    }
    /// What is seen on request: what changed in an object, the trace, ownership and selection.
    see: See {
        changes, mark, unmark, marked(at: &str), mark_at(at: &str), between(from: &str, to: &str), new(from: &str),
        same(object: &str, from: &str, to: &str), neither(object: &str, from: &str, to: &str), no_instant(word: &str),
        forgotten(object: &str, from: &str), diff_usage, left_out, relations, draw, owns(object: &str, names: &str),
        owns_many(object: &str, n: usize), selects(object: &str, names: &str), selects_many(object: &str, n: usize), owned, selected,
        unrelated,
    }
    /// Requests that are seen.
    requests: Requests {
        title, draw, none, outside, client(title: &str), found(by: &str, name: &str, addresses: &str), cached(by: &str, name: &str, addresses: &str),
        stale(by: &str, name: &str, addresses: &str), nameless(by: &str, name: &str), answered(by: &str, to: &str, words: &str),
        accepted(by: &str, to: &str), kept(by: &str, to: &str), refused(by: &str, to: &str), lost(by: &str, to: &str), copied(by: &str, to: &str),
        refused_word, lost_word, kept_word, nameless_word, accepted_word,
        counts(answered: usize, refused: usize, lost: usize, misled: usize), left(n: usize), ask(host: &str), stop_asking(host: &str),
    }
    /// What the control plane writes, seen.
    writes: Writes {
        title, draw, none, creates(by: &str, object: &str), binds(by: &str, object: &str, node: &str), deletes(by: &str, object: &str),
        removes(by: &str, object: &str), tells_status(by: &str, object: &str, state: &str), changes(by: &str, object: &str),
        tells(by: &str, object: &str, reason: &str),
    }
}

texts! {
    /// What diagnosis, plan and risks say. They speak English alone.
    Analysis, ANALYSIS_KEYS:
    /// What can go wrong.
    risks: Risks {
        ask, search, go_on, settles, tries(done: usize, of: usize, depth: usize), shortens, tries_changes, tries_without(done: usize, of: usize), play,
        level(level: &str), act(act: &str, target: &str), when(when: &str, span: &str), likely(act: &str), together(when: &str),
        change(change: &str), because, lines, of_page, how_likely, rate(rate: &str), not_prevented, not_yet_tried, same_of(names: &str), only_on_nodes, guess(signs: &str),
        common(parts: &str), common_closed(number: usize), common_part(part: &str), more(lines: usize), explain, refused(names: &str), renewed(names: &str), unrendered(by: &str, patch: bool), nameless(brief: &str, clustered: bool), mended(what: &str), not_judged(lines: &str), at_line(line: usize), set_at(field: &str, place: &str), unset(field: &str), fault(fault: &str, object: &str, name: &str, value: &str, other: &str),
        prevents, no_help(names: &str), untried, trade(change: &str), wait(span: &str), shown_by(courses: usize),
        covered(depth: usize, courses: usize, visited: usize, same: usize), longer(depth: usize, visited: usize), restless(count: usize),
        lack(kind: &str, name: &str), lack_room(cpus: usize, memory: &str), left_out(depth: usize, courses: usize), nothing,
        assumed_release(release: &str), assumed_namespaces(names: &str), assumed_nodes(nodes: usize, cpus: usize, memory: &str), assumed_default(class: &str, on_nodes: bool), assumed_reclaim(classes: &str),
        added(names: &str), written(sets: &str, writes: usize), lines_left_out(lines: usize),
        protections, protects(change: &str), by_default, without, instead, idle(lines: &str),
    }
    /// The diagnosis of a pasted cluster.
    diagnose: Diagnose {
        family(family: &str), risk(risk: &Risk), unfit(unfit: &Unfit), cause_at(family: &str, sure: &str, object: &str),
        because, nodes, ends_it, helps, does_not, says_more, decides, further(count: usize), whole_dump(line: &str), no_cluster(line: &str), since(since: &str, ago: &str), by_itself(span: &str), took(span: &str),
        risks(risk: &str), well(names: &str), assumptions, facts,
        fact_at(line: usize, about: &str, says: &str), unread, not_read(not_read: &Unread), not_read_lines(first: usize, last: usize, text: &str), others, unnamed(unnamed: &str),
        otherwise(what: &Assumed), suppose, take_back, owned(workload: &str, owner: &Owner), signs, sign(sign: &Sign), tools, judged, judged_new, judges(tool: &str, verdict: &str, words: &str), rests(lines: &str), hangs_on, instead(what: &str, otherwise: &str, brief: &str), inferred,
        remedy(remedy: &str),
    }
    /// The plan of a change.
    plan: Plan {
        bare, with(names: &str), before_refused, or, ask(anew: bool), change, line, examples, plan_it, planned, on_a_copy, under_way(number: usize, of: usize, span: &str), do_it, watch, take,
        by, options, known(flags: &str), over, itself(tool: &str, anew: bool), shown, since,
        as_planned, not_as_planned, pod, goes, ready, node, why,
        refusals, fails, otherwise, round, waits, way(way: Way), end(end: &str), says(says: &Says),
    }
}
