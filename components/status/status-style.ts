/** The stylesheet of the status page, which has to be whole without any other file of the console. */
export const statusStyle = `
:root { color-scheme: light dark; --canvas: light-dark(#f8f7f4, #161412); --surface: light-dark(#fff, #1d1b18);
  --line: light-dark(#e3ded5, #3a3631); --text: light-dark(#221f1a, #f0ece4); --soft: light-dark(#5b554b, #b3aca1);
  --up: light-dark(#2f7d4f, #6cc08b); --degraded: light-dark(#b7791f, #e0b45c); --down: light-dark(#b3362b, #ef7f73);
  --unknown: light-dark(#cfcac1, #4a4640); --accent: light-dark(#0f5f5a, #5cc4bb); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--canvas); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 32px 16px 64px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; } h3 { font-size: 15px; margin: 0; }
p { margin: 4px 0; } a { color: var(--accent); } .soft { color: var(--soft); font-size: 13px; }
.now { border: 1px solid var(--line); border-left: 4px solid var(--up); background: var(--surface); border-radius: 8px; padding: 12px 16px; font-weight: 600; }
.now.degraded { border-left-color: var(--degraded); } .now.down { border-left-color: var(--down); } .now.unknown { border-left-color: var(--unknown); }
.card { border: 1px solid var(--line); background: var(--surface); border-radius: 8px; padding: 12px 16px; margin: 8px 0; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; }
.bars { display: flex; gap: 1px; height: 28px; margin: 8px 0 4px; } .bars i { flex: 1; border-radius: 1px; background: var(--unknown); }
.bars i.up { background: var(--up); } .bars i.degraded { background: var(--degraded); } .bars i.down { background: var(--down); }
.state { font-weight: 600; } .state.up { color: var(--up); } .state.degraded { color: var(--degraded); } .state.down { color: var(--down); }
ol { list-style: none; margin: 8px 0 0; padding: 0; } ol li { margin: 8px 0 0; }
`;
