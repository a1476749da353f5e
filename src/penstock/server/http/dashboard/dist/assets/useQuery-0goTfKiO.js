import{u as r,Q as u}from"./useBaseQuery-BIJ2-KUT.js";function a(e,s){return r(e,u)}export{a as u};
