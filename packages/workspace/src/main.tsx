/** Starts the workspace in its page. */
import { createRoot } from 'react-dom/client'
import { startPreferences } from './model/preferences.ts'
import { SessionHolder } from './model/session.ts'
import { keepShell } from './model/shell.ts'
import { startLanguage } from './text/language.ts'
import { App } from './ui/app.tsx'

startPreferences()
startLanguage()
const root = document.getElementById('app')
if (root) createRoot(root).render(<App holder={new SessionHolder()} />)
keepShell()
