import{u as r,Q as u}from"./useBaseQuery-z5Jwd44c.js";function a(e,s){return r(e,u)}export{a as u};
