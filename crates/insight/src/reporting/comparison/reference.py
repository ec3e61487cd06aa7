# How the reference figures of tests.rs were made: statsmodels 0.15.0, scipy 1.17.1, numpy 2.4.6. HC3 is statsmodels' own
# cov_type; the cluster form is refitted without each cluster in turn. The nine lines before the last two are INTERVALS, the last two
# FEW. Run: python reference.py
import numpy as np, statsmodels.api as sm, scipy, statsmodels
from scipy import stats
M=(1<<64)-1
class C:
    def __init__(s,x): s.x=x
    def next(s):
        s.x=(s.x+0x9e3779b97f4a7c15)&M
        z=s.x; z=((z^(z>>30))*0xbf58476d1ce4e5b9)&M; z=((z^(z>>27))*0x94d049bb133111eb)&M
        return z^(z>>31)
    def below(s,n): return s.next()%n
c=C(5584)
rows=[]
for i in range(240):
    part=c.below(3);route=c.below(3);lot=c.below(3);need=c.below(2);age=c.below(3);edu=c.below(2);st=c.below(3);q=c.below(4);no=c.below(3);home=part*100+c.below(25)
    w=390000+lot*60000+need*15000+edu*90000+st*40000+q*4000+[0,30000,-50000][route]+part*route*7000+c.below(120000)
    rows.append((part,route,lot,need,age,edu,st,q,no,home,w))
R=np.array(rows)
y=np.log(R[:,10].astype(float))
cols=[np.ones(240)]
for k in (2,3,4,5,6,7,8):
    for l in range(1,R[:,k].max()+1): cols.append((R[:,k]==l).astype(float))
for p in (1,2): cols.append((R[:,0]==p).astype(float))
base=len(cols)
for p in range(3):
    for r in (1,2): cols.append(((R[:,0]==p)&(R[:,1]==r)).astype(float))
X=np.column_stack(cols)
m=sm.OLS(y,X).fit(); h=sm.OLS(y,X).fit(cov_type='HC3')
# cluster jackknife about the full estimate
cl=R[:,9]; V=np.zeros((X.shape[1],)*2)
for g in np.unique(cl):
    k=cl!=g
    b,res,rank,_=np.linalg.lstsq(X[k],y[k],rcond=None); assert rank==X.shape[1],g
    d=m.params-b; V+=np.outer(d,d)
print(statsmodels.__version__,scipy.__version__,np.__version__,X.shape,len(np.unique(cl)))
for p in range(3):
    for name,ct in (('spot_fca',{base+2*p:1}),('block_fca',{base+2*p+1:1}),('block_spot',{base+2*p+1:1,base+2*p:-1})):
        v=np.zeros(X.shape[1]); 
        for k,s in ct.items(): v[k]=s
        print(p,name,repr(float(v@m.params)),repr(float(np.sqrt(v@h.cov_params()@v))),repr(float(np.sqrt(v@V@v))))
for p,n in [(0.95,1),(0.95,7),(0.975,7),(0.95,24),(0.975,24),(0.975,200),(0.975,2.5)]:
    print(p,n,repr(float(stats.t.ppf(p,n))))
# interval for part 1 spot: homes each side
for p in range(3):
  for r in range(3):
    k=(R[:,0]==p)&(R[:,1]==r); pr=R[k,10]; print('side',p,r,k.sum(),len(np.unique(cl[k])),np.percentile(pr,[25,50,75]))
for p in range(3):
  for (a,b,ct) in ((0,1,{base+2*p:1}),(0,2,{base+2*p+1:1}),(1,2,{base+2*p+1:1,base+2*p:-1})):
    v=np.zeros(X.shape[1]); 
    for k,s in ct.items(): v[k]=s
    e=v@m.params; se=np.sqrt(v@V@v)
    ha=len(np.unique(cl[(R[:,0]==p)&(R[:,1]==a)])); hb=len(np.unique(cl[(R[:,0]==p)&(R[:,1]==b)])); df=min(ha,hb)-1
    i=[ [100*np.expm1(e-stats.t.ppf(pp,df)*se),100*np.expm1(e+stats.t.ppf(pp,df)*se)] for pp in (.95,.975)]
    print(p,a,b,round(100*np.expm1(e),4),i,df)
# permutation/cluster-free: region whole
# FEW: of part 1 only the first so many placements of each route; the column of its missing route goes out
for left in ([8,8,0],[8,7,0]):
    room=list(left); keep=np.array([R[i,0]!=1 or (room[R[i,1]]>0 and not room.__setitem__(R[i,1],room[R[i,1]]-1)) for i in range(240)])
    Z=np.delete(X[keep],base+3,1); Y=y[keep]; c=cl[keep]; f=sm.OLS(Y,Z).fit(); W=0; assert np.linalg.matrix_rank(Z)==Z.shape[1]
    for g in np.unique(c):
        b,res,rank,_=np.linalg.lstsq(Z[c!=g],Y[c!=g],rcond=None); assert rank==Z.shape[1],g
        W+=(f.params-b)[base+2]**2
    K=R[keep]; homes=[len(np.unique(c[(K[:,0]==1)&(K[:,1]==r)])) for r in (0,1)]; df=min(homes)-1; e=f.params[base+2]; se=np.sqrt(W)
    print('few',left,homes,repr(float(100*np.expm1(e))),[[float(100*np.expm1(e-stats.t.ppf(p,df)*se)),float(100*np.expm1(e+stats.t.ppf(p,df)*se))] for p in (.95,.975)])
