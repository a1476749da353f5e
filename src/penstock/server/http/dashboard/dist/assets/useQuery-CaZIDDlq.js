import{u as r,Q as u}from"./useBaseQuery-4_StMiNU.js";function a(e,s){return r(e,u)}export{a as u};
