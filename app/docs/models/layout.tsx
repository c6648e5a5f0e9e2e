export { default } from "#app/legal/layout.tsx";
