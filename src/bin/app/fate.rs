//! Who would lose the cart? The scenes of a first visit, played on a manifest of one's own.

use leptos::html;
use leptos::prelude::*;
use playground::fate::{Fate, Fates};
use playground::scene::Scene;
use text::Text;

use crate::session::Session;
use crate::widget::{glyph, live, say, session, text, when};

/// The element id of the dialog.
pub(crate) const NAME: &str = "fate";

/// The dialog.
pub(crate) fn dialog() -> AnyView {
    let session = session();
    let input = NodeRef::<html::Textarea>::new();
    let play = move |_| session.play_fates(&input.get_untracked().map(|input| input.value()).unwrap_or_default());
    let tells = move || session.scenes.fates.told.with(|told| !told.is_empty());
    view! {
        <dialog id=NAME class="dialog fate" aria-label=say(|t| t.scene.yours())>
            <div class="pane-head">
                <h2>{say(|t| t.scene.yours())}</h2>
                <span class="grow"></span>
                <button class="button quiet icon" aria-label=say(|t| t.page.close()) on:click=move |_| session.close_fates()>{glyph("cross")}</button>
            </div>
            <div class="fate-body">
                <textarea id="fate-text" class="mono" node_ref=input aria-label=say(|t| t.manifest.title()) placeholder="apiVersion: apps/v1\nkind: StatefulSet\n…"
                    spellcheck="false" autocomplete="off" autocapitalize="none" prop:value=move || session.scenes.fates.text.get()></textarea>
                <button class="button primary" id="play-fates" on:click=play>{say(|t| t.scene.play_four())}</button>
                <div class="fates" role="status">{live(move || told(session))}</div>
                {when(tells, move || view! { <button class="button" id="share-fates" on:click=move |_| session.share_fates()>{say(|t| t.scene.share_fates())}</button> }.into_any())}
            </div>
        </dialog>
    }
    .into_any()
}

/// What came of the scenes so far, or why nothing does.
fn told(session: Session) -> AnyView {
    let text = text()();
    let refused = session.scenes.fates.refused.get().then(|| view! { <p>{text.scene.no_fate()}</p> });
    let of = move |fates: Fates| view! { <h3><code>{fates.set.name.to_string()}</code></h3> {lines(text, &fates)} };
    view! { {refused} {session.scenes.fates.told.get().into_iter().map(of).collect_view()} }.into_any()
}

/// A line for each scene that was played.
fn lines(text: &'static Text, fates: &Fates) -> AnyView {
    if fates.told.is_empty() {
        return view! { <p>{text.scene.rises(&fates.set.name)}</p> }.into_any();
    }
    view! { <ul>{Scene::ALL.into_iter().zip(&fates.told).map(|(scene, fate)| line(text, &fates.pod, scene, fate)).collect_view()}</ul> }
        .into_any()
}

fn line(text: &'static Text, pod: &str, scene: Scene, fate: &Fate) -> AnyView {
    let good = fate.is_good();
    let sign = if good { "✓" } else { "✗" };
    view! { <li data-good=good.to_string()><b>{sign} " " {scene.name(text)}</b> " " {sentence(text, pod, fate)}</li> }.into_any()
}

fn sentence(text: &'static Text, pod: &str, fate: &Fate) -> String {
    let seconds = |span: &base::time::Span| usize::try_from(span.0.div_ceil(1000)).unwrap_or(usize::MAX);
    match fate {
        Fate::Kept(took) => text.scene.kept(pod, seconds(took)),
        Fate::Lost(took) => text.scene.lost(pod, seconds(took)),
        Fate::Empty(took) => text.scene.empty(pod, seconds(took)),
        Fate::Nobody(took) => text.scene.gone(pod, seconds(took)),
    }
}
