import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/workspace/',
  plugins: [react(), tailwind()],
  build: {
    target: 'es2024',
    // Data addresses in styles would need another rule of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
