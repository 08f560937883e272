"""Importing a file: which columns it has, what every row would do, and then all of it as one change."""

from __future__ import annotations

from functools import partial

import streamlit as st

from crm_data.exchange import uploads
from crm_data.exchange.kinds import KINDS
from crm_data.queries import imports, organisation
from crm_data.vocabulary import Action, ChangeAction, Module
from pages.ui import address, state
from pages.ui import import_parts as parts
from pages.ui.doors import look, saving
from pages.ui.forms import Sheet
from pages.ui.guard import guard
from pages.ui.heading import screen_title
from pages.ui.text import _, md, moment, ngettext, number, translated

actor = guard(Module.CUSTOMERS, Action.IMPORT)
zone = look(organisation.terms_for, actor).time_zone
screen_title(actor, _("Import"), about=_("Nothing is written before you have seen what would happen to every row."))

done = st.query_params.get("done", "")
found = look(imports.one, actor, int(done)) if done.isdigit() and len(done) < 16 else None
if found is not None:
    parts.result_panel(actor, found, zone=zone)

kinds = {key: translated(kind.label) for key, kind in KINDS.items()
         if actor.may(kind.module, Action.IMPORT) and actor.may(kind.module, Action.CREATE)}  # fmt: skip
kind = KINDS[address.one_of("kind", _("Kind of file"), kinds)]
upload = state.upload()
if upload is None or not upload.path.exists():
    parts.ask_for_file()
    parts.recent_list(actor, zone=zone)
    st.stop()

source = parts.opened(upload)
if source is None:
    st.stop()
token = upload.path.parent.name
columns = parts.columns_of(source, kind, token=token)
options = parts.options_for(kind, columns, token=token)
plan = parts.judged(actor, source, kind, options, token=token)
if plan is None:
    st.stop()
parts.verdict(plan, source, token=token)

before = look(imports.same_file, actor, digest=upload.digest, kind=kind.key)
again = before is None
if before is not None:
    words = _("This very file was imported by {who} on {when} already.")
    st.warning(md(words.format(who=before.username, when=moment(before.at, zone=zone))), icon=":material/content_copy:")
    again = st.checkbox(_("Import it once more"), key=f"again:{token}")


bring = partial(uploads.bring_in, kind=kind.key, source=source, options=options, digest=upload.digest)
count = uploads.writes(plan.counts)
text = ngettext("Import {count} row", "Import {count} rows", count).format(count=number(count))
sheet = Sheet(f"import:{token}:{kind.key}")
if st.button(text, key="run", type="primary", icon=":material/upload_file:", disabled=not count or not again):
    with st.spinner(_("Importing. You can leave this page; the import goes on and can be undone."), show_time=True):
        saved = saving(
            lambda s: bring(s, actor).change_set_id,
            actor=actor,
            action=ChangeAction.IMPORT,
            sheet=sheet,
            done=_("The file was imported."),
        )
    made = saved.change_set if saved else getattr(look(imports.same_file, actor, digest=upload.digest, kind=kind.key),
                                                  "change_set_id", None)  # fmt: skip
    if made is not None:
        uploads.forget(upload.path)
        state.keep_upload(None)
        st.query_params["done"] = str(made)
        st.rerun()
