/** What the pictures tell: a shop's morning. Minutes count from nine o'clock. */

export const shop = { account: '70010001', name: 'Alpenglow' }
/** A Tuesday, where the shop is. */
export const begin = Date.UTC(2026, 4, 12, 7)
export const timeZone = 'Europe/Vienna'

export const skills = [
  { name: 'Orders', ttr: { prioritized: 720 } },
  { name: 'Advice', ttr: { prioritized: 720 } },
  { name: 'Repairs', ttr: { prioritized: 1800 } },
] as const

export type Skill = (typeof skills)[number]['name']

export interface Colleague {
  readonly loginName: string
  readonly fullName: string
  readonly nickname: string
  readonly roles: readonly string[]
  readonly skills: readonly Skill[]
}

export const agent: Colleague = {
  loginName: 'ana',
  fullName: 'Ana Keller',
  nickname: 'Ana',
  roles: ['agent'],
  skills: ['Orders', 'Advice'],
}

export const manager: Colleague = {
  loginName: 'max',
  fullName: 'Max Brandt',
  nickname: 'Max',
  roles: ['manager'],
  skills: [],
}

export const mender: Colleague = {
  loginName: 'ben',
  fullName: 'Ben Okafor',
  nickname: 'Ben',
  roles: ['agent'],
  skills: ['Repairs'],
}

export interface Line {
  readonly at: number
  readonly by: 'consumer' | 'agent'
  readonly text: string
}

export interface Talk {
  readonly firstName: string
  readonly lastName: string
  readonly skill: Skill
  readonly with: Colleague
  readonly lines: readonly [Line, ...Line[]]
}

const asks = (at: number, text: string): Line => ({ at, by: 'consumer', text })
const says = (at: number, text: string): Line => ({ at, by: 'agent', text })

/** In the order in which they begin. */
export const talks: readonly Talk[] = [
  {
    firstName: 'Priya',
    lastName: 'Nair',
    skill: 'Orders',
    with: agent,
    lines: [
      asks(0, 'My parcel says delivered, but there is nothing here.'),
      says(2, 'Sorry about that, Priya. I asked the carrier where the driver left it.'),
      asks(9, 'Any news? I am at home until noon.'),
    ],
  },
  {
    firstName: 'Tomás',
    lastName: 'Herrera',
    skill: 'Orders',
    with: agent,
    lines: [
      asks(3, 'Can I still change the address of order 4127?'),
      says(5, 'Done: it goes to your office in Graz.'),
    ],
  },
  {
    firstName: 'Jonas',
    lastName: 'Weber',
    skill: 'Repairs',
    with: mender,
    lines: [
      asks(4, 'A pole of my tent broke last night. Can you mend it before Friday?'),
      says(6, 'Yes, if it is here on Thursday. The label is on its way to you.'),
    ],
  },
  {
    firstName: 'Grace',
    lastName: 'Osei',
    skill: 'Advice',
    with: agent,
    lines: [
      asks(7, 'Does the day pack keep things dry in rain?'),
      says(8, 'For a day, yes: the cotton is waxed. For longer, put the cover on.'),
      asks(12, 'And for a week in Norway?'),
    ],
  },
  {
    firstName: 'Liam',
    lastName: 'Byrne',
    skill: 'Orders',
    with: agent,
    lines: [asks(19, 'Do you send stoves to Ireland?')],
  },
]

/** The conversation that the pictures show from both sides. */
export const shown = {
  firstName: 'Maya',
  lastName: 'Lindqvist',
  first: 'Hello! Two of us sleep on the Dachstein in October. Is the ridge tent warm enough?',
  answer:
    'Hello Maya! The tent keeps the wind out, the cold comes from the ground. How low will it get?',
  second: 'About −3 °C, they say.',
  note: 'Repairs says that the new pegs hold in frozen ground, too.',
  advice: 'Then I would take this one, and you will sleep well:',
  third: 'Lovely, two of them please!',
}

export const card = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Wool mat', style: { bold: true } },
    { type: 'text', text: 'Warm down to −5 °C · € 98' },
    {
      type: 'button',
      title: 'Two, please',
      click: { actions: [{ type: 'publishText', text: 'Two, please' }] },
    },
    {
      type: 'button',
      title: 'Look at it',
      click: { actions: [{ type: 'link', uri: 'https://shop.example/wool-mat' }] },
    },
  ],
}

/** Who rings when the picture is taken. */
export const caller = {
  firstName: 'Yuki',
  lastName: 'Tanaka',
  skill: 'Orders',
  text: 'I would like to send the camp lamp back.',
} as const
