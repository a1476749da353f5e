import{u as r,Q as u}from"./loader-circle-iWBsfaeZ.js";function a(e,s){return r(e,u)}export{a as u};
