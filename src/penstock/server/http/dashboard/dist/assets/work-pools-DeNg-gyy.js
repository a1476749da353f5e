import{j as t}from"./index-St80Sae1.js";import{N as o}from"./not-yet-BB0K4RFM.js";import"./page-B1n62NHw.js";function i(){return t.jsx(o,{title:"Work pools"})}export{i as default};
