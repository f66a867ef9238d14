/** Signed in or not. */
import { useEffect, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import { Desk } from '../model/desk.ts'
import { Drafts } from '../model/drafts.ts'
import { preferences } from '../model/preferences.ts'
import type { Session, SessionHolder } from '../model/session.ts'
import { useValue, Value } from '../model/value.ts'
import { languageNow } from '../text/language.ts'
import { type Office, OfficeContext, type Overlay, type Toast } from './desk-context.tsx'
import { SignIn } from './sign-in.tsx'
import { Workspace } from './workspace.tsx'

const openOffice = (holder: SessionHolder, session: Session): Office => ({
  desk: new Desk(session, holder.ended),
  drafts: new Drafts(session),
  toasts: new Value<readonly Toast[]>([]),
  overlay: new Value<Overlay>(undefined),
  signOut: () => void holder.signOut(),
})

const SignedIn = ({ holder, session }: { holder: SessionHolder; session: Session }) => {
  const [office, setOffice] = useState<Office>()
  useEffect(() => {
    const opened = openOffice(holder, session)
    setOffice(opened)
    return () => opened.desk[Symbol.dispose]()
  }, [holder, session])
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
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <I18nProvider locale={language}>
      {state.kind === 'in' ? (
        <SignedIn key={state.session.csrf} holder={holder} session={state.session} />
      ) : (
        <SignIn session={holder} problem={state.problem} />
      )}
    </I18nProvider>
  )
}
