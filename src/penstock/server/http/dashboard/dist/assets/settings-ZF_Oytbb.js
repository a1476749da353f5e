import{j as t}from"./index-St80Sae1.js";import{N as o}from"./not-yet-BB0K4RFM.js";import"./page-B1n62NHw.js";function s(){return t.jsx(o,{title:"Settings"})}export{s as default};
