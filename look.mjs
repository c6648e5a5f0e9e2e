import { chromium } from "@playwright/test";
const base="http://127.0.0.1:4011";
const browser=await chromium.launch({executablePath:"/usr/bin/chromium-headless-shell",args:["--no-sandbox"]});
const [,, who, ...paths]=process.argv;
const ctx=await browser.newContext({viewport:{width:1440,height:900}});
const page=await ctx.newPage();
page.on("pageerror",e=>console.log("pageerror",e.message));
await page.goto(base+"/sign-in"); await page.fill('input[name=email]',who+"@example.com"); await page.fill('input[name=password]',"counter-and-ledger"); await page.keyboard.press("Enter");
await page.waitForURL(/\/(ws_|staff)/,{timeout:30000});
const ws=/\/(ws_[^/]+)/.exec(page.url())?.[1];
console.log(page.url());
for(const p of paths){ const [path,name,w,dark]=p.split("@"); await page.setViewportSize({width:Number(w||1440),height:900}); await page.emulateMedia({colorScheme:dark?"dark":"light"});
 await page.goto(base+(path.startsWith("/")?path:`/${ws}/${path}`)); await page.waitForLoadState("networkidle"); await page.screenshot({path:`/tmp/shot-${name}.png`,fullPage:true}); console.log(name,page.url(), (await page.title())); }
await browser.close();
