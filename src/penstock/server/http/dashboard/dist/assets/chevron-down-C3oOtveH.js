import{c as n}from"./index-GmvAsusm.js";const o={name:"chevron-down",size:24,node:[["path",{d:"m6 9 6 6 6-6",key:"qrunsl"}]]};o.node;const c=n(o);export{c as C};
