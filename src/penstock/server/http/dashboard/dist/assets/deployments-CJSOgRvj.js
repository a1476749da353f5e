import{j as t}from"./index-jmIMN8Gd.js";import{N as o}from"./not-yet-BK61xeMF.js";import"./page-Bi38T4ve.js";function s(){return t.jsx(o,{title:"Deployments"})}export{s as default};
