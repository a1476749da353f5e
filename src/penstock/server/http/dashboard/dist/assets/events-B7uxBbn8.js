import{j as t}from"./index-rie3A5i-.js";import{N as o}from"./not-yet-CZf-L1nq.js";import"./page-BqLSSqbm.js";function i(){return t.jsx(o,{title:"Events"})}export{i as default};
