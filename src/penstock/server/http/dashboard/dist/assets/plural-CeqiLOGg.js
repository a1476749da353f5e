const e=new Intl.NumberFormat("en");function f(n,r=!1){return`${e.format(n)}${r?"+":""}`}function a(n,r,t=!1){return`${f(n,t)} ${n===1&&!t?r:`${r}s`}`}export{a as c,f as n};
