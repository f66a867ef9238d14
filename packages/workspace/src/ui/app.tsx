/** Signed in or not. */
import { useEffect, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import { AttachedFiles } from '../model/attached.ts'
import { DelayedActions } from '../model/delayed.ts'
import { Desk } from '../model/desk.ts'
import { draftService } from '../model/draft-service.ts'
import { Drafts } from '../model/drafts.ts'
import { HeldMessage } from '../model/held.ts'
import { OwnState } from '../model/own-state.ts'
import { preferences } from '../model/preferences.ts'
import { Reasons } from '../model/reasons.ts'
import type { Session, SessionHolder } from '../model/session.ts'
import { upload } from '../model/uploads.ts'
import { useValue, Value } from '../model/value.ts'
import { directionNow, languageNow } from '../text/language.ts'
import { type Office, OfficeContext, type Overlay, type Toast } from './desk-context.tsx'
import { SignIn } from './sign-in.tsx'
import { Workspace } from './workspace.tsx'

/** What was done and said goes out before the login ends; a server that is away is not waited for. */
const SIGN_OUT_PATIENCE_MS = 2_000

/** What was begun elsewhere is asked for whenever there is a connection again. */
const openDrafts = ({ session, client, link }: Desk): Drafts => {
  const now = () => client.clock.now()
  const drafts = new Drafts({ session, service: draftService(session), now })
  link.subscribe(() => {
    if (link.get().kind === 'open') void drafts.sync()
  })
  return drafts
}

/** Words that were not taken are drafts again, and no others go out. [WSP41] */
const takeBack = async ({ desk, files, drafts }: Office): Promise<void> => {
  files.giveUp()
  for (const unsent of desk.takeUnsent()) drafts.giveBack(unsent.dialogId, unsent)
  await drafts.flush()
}

const signOut = async (office: Office, holder: SessionHolder): Promise<void> => {
  const { desk, delayed, drafts, held } = office
  const patience = new Promise((resolve) => setTimeout(resolve, SIGN_OUT_PATIENCE_MS))
  held.flush()
  await Promise.race([Promise.all([delayed.flush(), drafts.flush(), desk.emptied()]), patience])
  await Promise.race([takeBack(office), patience])
  drafts.forget()
  await holder.signOut()
}

/** A page that is loaded again shares no file that was on its way before. */
const leaveOffice = ({ files, drafts }: Office): void => {
  files.giveUp()
  void drafts.flush({ isLeaving: true })
}

const openOffice = (holder: SessionHolder, session: Session, isFresh: boolean): Office => {
  const desk = new Desk(session, holder.ended)
  const delayed = new DelayedActions(desk.client, `${session.account}.${session.agentId}`)
  const held = new HeldMessage()
  const drafts = openDrafts(desk)
  const files = new AttachedFiles({
    upload: (picked, caption) => upload(desk.client, picked, caption),
    giveBack: (dialogId, words) => drafts.giveBack(dialogId, words),
  })
  const office: Office = {
    desk,
    delayed,
    held,
    drafts,
    files,
    own: new OwnState(desk, session, isFresh),
    reasons: new Reasons(desk.rest),
    toasts: new Value<readonly Toast[]>([]),
    overlay: new Value<Overlay>(undefined),
    signOut: () => void signOut(office, holder),
  }
  return office
}

const closeOffice = ({ desk, delayed, drafts, files, held, own }: Office): void => {
  for (const part of [held, delayed, files, drafts, own, desk]) part[Symbol.dispose]()
}

interface SignedInProps {
  readonly holder: SessionHolder
  readonly session: Session
  readonly isFresh: boolean
}

const SignedIn = ({ holder, session, isFresh }: SignedInProps) => {
  const [office, setOffice] = useState<Office>()
  useEffect(() => {
    const opened = openOffice(holder, session, isFresh)
    setOffice(opened)
    const leave = () => leaveOffice(opened)
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      closeOffice(opened)
    }
  }, [holder, session, isFresh])
  if (!office) return null
  return (
    <OfficeContext value={office}>
      <Workspace />
    </OfficeContext>
  )
}

export const App = ({ holder }: { holder: SessionHolder }) => {
  const state = useValue(holder.state)
  useValue(preferences)
  const language = languageNow()
  const direction = directionNow()
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = direction
  }, [language, direction])
  return (
    <I18nProvider locale={direction === 'rtl' ? 'he' : language}>
      {state.kind === 'in' ? (
        <SignedIn key={state.session.csrf} holder={holder} {...state} />
      ) : (
        <SignIn session={holder} problem={state.problem} />
      )}
    </I18nProvider>
  )
}
