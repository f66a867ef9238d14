import { expect, it } from 'vitest'
import { settings } from '../packages/server/src/configuration.ts'
import { stalePages } from './generate.ts'
import { commandLinePage } from './pages/command-line.ts'
import { configurationPage } from './pages/configuration.ts'

it('[OPS23] the reference pages are fresh', () => {
  expect(stalePages()).toEqual([])
})

it('[OPS23] every setting and every verb is documented', () => {
  const page = configurationPage()
  for (const { key, env } of settings) {
    expect(page).toContain(`| \`${key}\` |`)
    expect(page).toContain(env)
  }
  for (const verb of ['serve', 'shell', 'agent create <login>', 'token brand', 'doctor']) {
    expect(commandLinePage()).toContain(`## ringdown ${verb}\n`)
  }
})
