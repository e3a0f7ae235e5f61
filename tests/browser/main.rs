//! The page in a real browser.
//!
//! An own runner instead of the standard one: the tests share two browsers, which are closed at the end. It prints what the standard
//! runner prints, takes a filter as it does, and after every test checks the page's manners.

mod ahead;
mod applications;
mod beside;
mod cluster;
mod compare;
mod course;
mod dense;
mod details;
mod dns;
mod embed;
mod engine;
mod first_paste;
mod fonts;
mod frames;
mod guards;
mod hostile;
mod keyboard;
mod lesson;
mod letters;
mod link;
mod links;
mod long_text;
mod manifest;
mod measure;
mod nodes;
mod page;
mod picture;
mod profile;
mod requests;
mod rollout;
mod scene;
mod screens;
mod secrets;
mod see;
#[path = "../../src/bin/dev/site.rs"]
mod site;
mod size;
mod slow;
mod speed;
mod storage;
mod stuck;
mod tasks;
mod terminal;
mod time;
mod trunk;
mod truth;
mod twin;
mod typing;
mod visit;
mod webdriver;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use engine::Engine;
use page::Page;

/// A test: its name is the rule it protects.
type Case = (&'static str, fn(&Page));

macro_rules! case {
    ($module:ident :: $name:ident) => {
        (concat!(stringify!($module), "::", stringify!($name)), $module::$name)
    };
}

macro_rules! cases {
    ($($module:ident :: $name:ident),* $(,)?) => { &[$(case!($module::$name)),*] };
}

/// The longest first, so that none is left over at the end.
const CASES: &[Case] = cases![
    course::a_story_is_slow_enough_to_be_seen,
    course::every_question_is_one_screen,
    course::lessons_are_done_by_keys_by_the_pointer_and_by_typing,
    ahead::what_can_go_wrong_and_what_protects_is_found_read_on_a_telephone_and_played,
    ahead::as_many_workers_as_cores_but_four_find_the_same_and_end_with_the_dialog,
    ahead::what_was_found_is_there_when_the_dialog_is_opened_again,
    truth::the_truth_page_is_led_to_and_can_be_read_by_everybody,
    visit::few_controls_are_in_sight_and_the_cluster_has_half_the_window,
    visit::on_a_telephone_the_cluster_has_its_share_and_the_time_unfolds,
    visit::every_way_in_is_in_sight_and_nothing_scrolls_in_the_bar,
    visit::nothing_breaks_an_accessibility_rule,
    visit::who_wants_more_contrast_or_no_motion_has_it,
    visit::in_the_systems_own_colours_states_and_choices_are_seen,
    visit::only_what_goes_wrong_in_the_page_itself_ends_the_run,
    scene::who_touches_nothing_sees_all_scenes_played,
    scene::each_scene_asks_has_one_control_and_shows_what_comes_of_it,
    scene::a_manifest_of_ones_own_is_played_and_its_result_is_a_link,
    scene::by_keys_alone_and_without_motion_the_scenes_are_the_same,
    visit::on_a_telephone_all_of_the_cluster_is_in_sight_on_return,
    visit::on_a_telephone_each_tab_shows_its_pane_and_nothing_else_moves,
    letters::what_is_seen_is_the_same_on_every_machine,
    letters::no_region_moves_while_a_cluster_comes_up_and_all_of_it_is_in_sight,
    letters::nothing_written_is_cut_or_lies_over_another_in_any_window_and_at_twice_the_size,
    letters::what_opens_is_legible_too,
    letters::on_a_telephone_every_control_is_as_large_as_it_has_to_be,
    lesson::a_key_of_a_first_visit_leads_to_a_cluster_of_ones_own,
    lesson::a_lesson_asks_before_it_runs_and_tells_what_happened,
    lesson::the_beginning_of_an_explanation_is_in_sight,
    lesson::the_same_question_is_asked_on_each_release_that_a_lesson_names,
    lesson::a_lesson_is_chosen_by_its_name_with_keys,
    lesson::a_lesson_is_taken_by_keys_alone,
    lesson::whoever_leaves_the_lessons_finds_the_run_from_before,
    lesson::on_a_telephone_the_cluster_is_shown_below_the_lesson,
    lesson::why_offers_a_lesson_and_another_run_ends_it,
    course::a_reload_comes_back_to_the_lesson_and_what_is_done_is_kept,
    course::before_a_class_a_lesson_goes_on_by_one_key,
    lesson::letters_grow_for_a_projector,
    ahead::a_plan_is_made_with_keys_only_done_and_compared,
    ahead::a_change_that_gets_stuck_is_watched_on_a_branch,
    ahead::a_tool_that_applies_the_manifest_is_chosen_with_its_options,
    see::what_changed_since_a_marked_instant_is_opened,
    requests::a_client_is_seen_to_ask_by_dots_and_in_a_list,
    see::lines_lead_from_owners_and_services_to_their_pods_and_follow_them,
    see::what_tools_say_is_said_of_the_set_that_waits_and_of_the_one_that_is_chosen,
    see::a_line_under_the_set_says_what_each_tool_calls_done,
    stuck::a_door_a_key_and_the_manifest_lead_there,
    stuck::a_manifest_that_is_brought_up_has_its_own_heads_of_columns,
    stuck::a_manifest_is_tried_in_a_new_cluster_and_what_is_refused_has_its_line,
    stuck::cause_and_cure_of_a_paste_are_read_without_scrolling,
    stuck::quote_meaning_and_next_command_of_a_text_are_in_sight,
    stuck::a_file_that_is_dropped_on_a_first_visit_is_diagnosed_and_ends_its_story,
    stuck::a_cure_is_watched_beside_the_cluster_without_it_and_shared_without_what_is_private,
    stuck::a_cluster_that_the_program_opens_stands_and_takes_a_cure,
    stuck::what_was_assumed_can_be_supposed_otherwise_with_keys_only,
    words::a_word_is_explained_on_focus_in_the_language_chosen_and_its_link_is_the_next_stop,
    words::a_word_that_the_pointer_moves_to_is_explained_and_one_that_comes_below_it_is_not,
    first_paste::through_the_door_it_comes_up_in_a_cluster_of_its_own,
    first_paste::in_the_place_of_the_untouched_example_it_has_a_cluster_of_its_own,
    first_paste::dropped_or_pasted_on_k_it_has_a_cluster_of_its_own,
    manifest::a_tab_is_seen_named_and_mended,
    manifest::an_error_stands_on_its_line_in_the_servers_words,
    manifest::a_line_that_the_cluster_no_longer_follows_is_marked,
    manifest::a_chart_is_applied_as_far_as_it_can_be_and_read_to_its_end,
    manifest::a_line_that_is_asked_for_is_seen_wherever_the_editor_is,
    manifest::a_text_that_an_example_or_a_correction_replaces_can_be_brought_back,
    manifest::no_text_freezes_the_page_or_is_lost,
    long_text::a_long_text_is_mended_applied_and_there_after_a_reload,
    long_text::one_scrolls_and_types_anywhere_in_a_long_text,
    long_text::a_long_file_and_an_example_take_the_place_of_each_other,
    long_text::what_is_too_long_for_the_model_is_refused_and_kept,
    cluster::a_finger_that_rests_opens_the_commands,
    cluster::the_sets_of_a_manifest_are_tabs_and_the_stuck_ones_are_one_key_away,
    nodes::the_ways_out_of_a_silent_node_are_pressed_where_they_are_told,
    nodes::what_a_node_is_breaks_between_its_words_in_any_font,
    nodes::a_node_is_stopped_by_keys_and_its_menu_fits_a_telephone,
    applications::a_quorum_and_two_primaries_are_legible_wherever_they_are_shown,
    beside::where_there_is_no_room_for_both_they_take_turns_and_nothing_is_cut,
    beside::three_on_one_node_need_no_scrolling,
    rollout::the_partition_is_moved_by_keys_and_dragged,
    details::a_second_click_opens_details_that_fit_a_long_name_and_escape_closes_them,
    storage::all_claims_of_the_example_are_in_sight_while_somebody_waits,
    dns::names_are_asked_for_listed_and_cached_by_the_panes_tools,
    time::words_end_at_the_playhead_and_buttons_stay_under_the_pointer,
    time::it_stops_steps_skips_and_goes_as_fast_as_told,
    time::the_past_is_reached_by_keys_and_pointer_and_a_branch_begins_there,
    time::starting_over_loses_nothing,
    time::the_list_of_stops_opens_by_a_key_and_closes_by_itself_and_a_run_stops,
    time::lanes_are_drawn_and_read_as_a_table,
    compare::a_deployment_beside_the_set_is_offered_once_and_its_names_are_one_line,
    compare::two_variants_are_drawn_beside_each_other_and_take_turns,
    compare::two_releases_take_turns_and_another_begins_again,
    compare::one_chooses_which_branch_stands_beside_which,
    link::a_link_and_a_reload_show_every_branch_at_the_shared_instant,
    link::a_link_keeps_what_stands_beside,
    link::a_broken_link_is_told_and_never_a_blank_page,
    link::an_address_that_cannot_be_read_takes_nothing_away,
    link::what_was_under_way_is_there_after_a_reload_a_link_and_another_day,
    link::a_run_and_a_lesson_are_saved_opened_and_told_to_be_faulty,
    link::a_run_or_a_lesson_dropped_on_a_first_visit_ends_its_story,
    secrets::what_is_pasted_and_typed_leaves_by_no_link_file_or_copy,
    link::another_page_embeds_the_cluster_one_sentence_and_the_time,
    link::in_a_low_frame_what_happens_is_in_sight,
    trunk::a_file_that_is_missing_beside_the_page_is_told,
    truth::the_pages_about_ordinal_are_led_to_and_can_be_read_by_everybody,
    truth::a_scenario_opens_in_the_playground_as_it_was_tried,
    embed::a_run_file_is_shown_and_follows_the_page_it_stands_in,
    embed::a_frame_that_finds_its_height_has_nothing_to_scroll,
    embed::of_what_another_page_says_only_known_words_are_taken,
    hostile::a_run_file_that_is_too_long_is_refused_where_it_is_embedded,
    links::pointing_at_one_thing_marks_what_is_about_the_same_and_a_key_goes_round,
    links::what_is_asked_about_leads_to_where_it_comes_from,
    keyboard::a_visitor_gets_everywhere_without_a_pointer,
    keyboard::arrow_keys_move_in_the_cluster_and_enter_asks,
    keyboard::keys_play_step_scale_and_show_their_list_on_a_korean_keyboard_too,
    keyboard::the_list_of_keys_finds_a_function_by_its_name_and_does_it,
    keyboard::a_letter_that_is_being_put_together_ends_no_line,
    keyboard::a_sheet_takes_the_focus_and_its_arrow_keys,
    keyboard::a_way_out_that_is_taken_leaves_the_focus_in_its_pane,
    keyboard::the_editor_keeps_its_keys_and_lets_go,
    keyboard::a_line_can_be_typed_and_typed_again,
    keyboard::the_tab_key_goes_through_everything_in_sight_and_out_again,
    terminal::the_line_to_type_into_stays_in_sight,
    terminal::a_long_answer_has_room_until_the_next_command,
    terminal::a_watch_runs_in_one_terminal_while_another_scales,
    terminal::pasted_lines_start_a_clock_that_stands_and_run_one_after_another,
    terminal::kubectl_edit_puts_an_object_in_the_place_of_the_manifest,
    terminal::kubectl_prints_as_guides_do_when_told_to_and_at_the_next_visit,
    terminal::its_edge_is_dragged_moved_by_keys_and_stays_where_it_was_put,
    dense::cells_are_walked_by_keys_looked_for_and_arranged_by_node,
    dense::cells_are_links_both_ways_and_marked_with_their_object,
    twin::native_and_wasm_leave_the_same_bytes,
    picture::a_picture_of_ordered_creation_moves_and_is_small,
    screens::pictures_are_taken_on_demand,
    profile::what_first_visits_run_is_told_on_demand,
];

/// What needs the page for visitors, and why; at most [`VISITORS_MOST`]. `cargo dev test --visitors` runs these. Everything else is
/// about the quick page, which is built in a third of the time.
const VISITORS: &[(Case, &str)] = &[
    (case!(size::the_page_keeps_to_its_budget), "weighs the files that are sent"),
    (
        case!(visit::the_frame_is_painted_before_the_app_has_loaded),
        "the frame of the text that is sent, and when the code that is sent takes input",
    ),
    (case!(visit::within_seconds_something_moves_and_is_named), "when the code that is sent shows the first pod"),
    (case!(visit::the_frame_does_not_shift_when_the_app_takes_its_place), "the frame and the code as they are sent"),
    (case!(visit::on_a_slow_line_the_page_says_how_much_has_come), "counts the bytes of the first half"),
    (case!(visit::on_a_slow_line_the_story_begins_like_on_a_fast_one), "the story waits for the second half"),
    (case!(visit::on_a_slow_line_what_is_done_early_waits_for_its_code), "holds the second half back"),
    (case!(visit::on_a_slow_line_looking_on_needs_no_code_that_comes_later), "holds the second half back"),
    (case!(visit::on_a_slow_line_what_is_drawn_anew_is_clicked_all_the_same), "holds the second half back"),
    (case!(visit::a_page_visited_before_runs_without_a_network), "the worker keeps the files that are sent"),
    (case!(embed::frames_on_one_page_share_what_was_downloaded), "the worker keeps the files that are sent"),
    (case!(guards::a_first_visit_calls_no_code_that_comes_later), "what the second half is left"),
    (case!(guards::a_thousand_pods_leave_time_for_frames_and_are_sought), "time promised of the code that is sent"),
    (case!(guards::an_apply_of_two_thousand_lines_costs_little), "time promised of the code that is sent"),
    (case!(guards::a_link_with_a_thousand_pods_opens_soon), "time promised of the code that is sent"),
    (case!(guards::a_search_ends_and_lets_the_page_draw), "time promised of the code that is sent"),
    (case!(typing::a_correction_of_a_long_text_is_made_and_can_be_undone), "time promised of the code that is sent"),
    (case!(typing::what_is_typed_into_a_long_text_is_drawn_and_told), "time promised of the code that is sent"),
    (case!(long_text::four_megabytes_of_custom_kinds_are_pasted_judged_and_edited), "time promised of the code that is sent"),
    (case!(stuck::a_long_dump_is_read_without_freezing_the_page), "time promised of the code that is sent"),
    (case!(hostile::what_inflates_without_end_is_refused_in_words), "time promised of the code that is sent"),
    (case!(hostile::runs_that_ask_for_too_much_leave_the_page_usable), "time promised of the code that is sent"),
    (case!(hostile::files_of_any_size_leave_the_page_usable), "time promised of the code that is sent"),
    (case!(trunk::the_hooks_of_trunk_make_the_page_for_visitors), "compares with the files that are sent"),
    (case!(trunk::plain_trunk_gives_the_whole_page), "compares with the files that are sent"),
];

/// So few that the page for visitors is built for them alone.
const VISITORS_MOST: usize = 30;

/// What `cargo dev measure` measures, one after another in one browser.
const MEASUREMENTS: &[Case] = cases![
    frames::the_machine,
    size::the_page_keeps_to_its_budget,
    speed::the_first_pod_on_slow_lines,
    tasks::a_first_visit_and_an_apply,
    tasks::two_thousand_lines,
    tasks::a_search,
    slow::a_load_a_paste_and_the_frames_of_a_first_visit,
    tasks::a_thousand_pods,
    typing::corrections,
    typing::keys,
    long_text::four_megabytes_of_custom_kinds_are_pasted_judged_and_edited,
    frames::a_hundred_pods,
    frames::a_thousand_pods,
    frames::five_thousand_pods,
];

/// What other engines cannot tell or do, by the beginnings of the tests' names: measure CPU time, slow the line down; in Firefox use the
/// suite's fonts beside the page's; and in WebKit put a finger down, take the system's colours, say where a letter of a shortened name is,
/// do without scroll bars that take touches.
const NOT_IN: [(Engine, &str); 17] = [
    (Engine::Firefox, "guards::"),
    (Engine::Firefox, "picture::"),
    (Engine::Firefox, "letters::what_is_seen"),
    (Engine::Firefox, "long_text::four"),
    (Engine::Firefox, "typing::"),
    (Engine::Firefox, "visit::on_a_slow_line"),
    (Engine::WebKit, "guards::"),
    (Engine::WebKit, "picture::"),
    (Engine::WebKit, "long_text::four"),
    (Engine::WebKit, "typing::"),
    (Engine::WebKit, "visit::on_a_slow_line"),
    (Engine::WebKit, "visit::in_the_systems_own_colours"),
    (Engine::Firefox, "visit::who_wants_more_contrast"),
    (Engine::WebKit, "visit::who_wants_more_contrast"),
    (Engine::WebKit, "cluster::a_finger"),
    (Engine::WebKit, "manifest::a_chart"),
    (Engine::WebKit, "letters::on_a_telephone_every_control"),
];

/// What is tried where trunk is in PATH. The case beside it tries the hooks without trunk.
const NEEDS_TRUNK: &str = "trunk::plain_trunk_gives_the_whole_page";

/// How many browsers run tests at once: more than two cores need no time less.
const SESSIONS: usize = 2;

fn main() -> ExitCode {
    ordinal::rules::plug();
    ordinal::verbs::plug();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let filters: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let chosen = |case: &&Case| filters.is_empty() || filters.iter().any(|filter| case.0.contains(filter.as_str()));
    let has = |option: &str| words.iter().any(|word| word == option);
    let measures = has("--measure");
    let all: Vec<&Case> = if measures {
        MEASUREMENTS.iter().collect()
    } else if page::is_for_visitors() {
        assert!(VISITORS.len() <= VISITORS_MOST, "{} cases need the page for visitors", VISITORS.len());
        VISITORS.iter().map(|(case, _)| case).collect()
    } else {
        CASES.iter().collect()
    };
    let count = all.len();
    let cases: Vec<&Case> = all.into_iter().filter(chosen).collect();
    if has("--list") {
        for (name, _) in &cases {
            let reason = VISITORS.iter().find(|(case, _)| case.0 == *name).map_or(String::new(), |(_, why)| format!(" ({why})"));
            println!("{name}: test{reason}");
        }
        return ExitCode::SUCCESS;
    }
    let engine = Engine::chosen();
    let runs_here = |case: &&Case| {
        let is_left = NOT_IN.iter().any(|(other, name)| engine == *other && case.0.starts_with(name));
        !is_left && (case.0 != NEEDS_TRUNK || trunk::is_here())
    };
    let (cases, left): (Vec<&Case>, Vec<&Case>) = cases.into_iter().partition(runs_here);
    println!("\nrunning {} tests", cases.len());
    for (name, _) in left {
        println!("test {name} cannot be run {}", if *name == NEEDS_TRUNK { "without trunk".to_owned() } else { format!("in {engine:?}") });
    }
    let begun = Instant::now();
    let failed = if cases.is_empty() { 0 } else { run(if measures { 1 } else { SESSIONS }, cases.clone()) };
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let (passed, filtered, seconds) = (cases.len() - failed, count - cases.len(), begun.elapsed().as_secs_f32());
    println!(
        "\ntest result: {verdict}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered} filtered out; finished in {seconds:.2}s\n"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs tests in so many browsers at once, each the next that nobody has begun; how many failed.
fn run(sessions: usize, cases: Vec<&Case>) -> usize {
    Page::build();
    let (sessions, failed) = (sessions.min(cases.len()), AtomicUsize::new(0));
    let left = Mutex::new(cases.into_iter());
    let next = || left.lock().expect("nothing panics while it holds this").next();
    let session = || {
        let page = Page::start();
        while let Some((name, test)) = next() {
            let begun = Instant::now();
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                page.expect_visit();
                test(&page);
                page.check_manners();
            }));
            println!("test {name} ... {} ({:.1} s)", if outcome.is_ok() { "ok" } else { "FAILED" }, begun.elapsed().as_secs_f32());
            failed.fetch_add(usize::from(outcome.is_err()), Ordering::Relaxed);
        }
    };
    thread::scope(|scope| (0..sessions).for_each(|_| drop(scope.spawn(session))));
    failed.into_inner()
}
