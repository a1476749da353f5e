import{j as t}from"./index-CT0surSR.js";import{N as o}from"./not-yet-DDddYc9F.js";import"./page-B6riwufU.js";function s(){return t.jsx(o,{title:"Settings"})}export{s as default};
